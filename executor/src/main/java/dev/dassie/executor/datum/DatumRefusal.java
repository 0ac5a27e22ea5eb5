package dev.dassie.executor.datum;

/// A datum breaks a rule: an input that the file system cannot hold, an output that is no file. The
/// message is a sentence for the datum's result.
public final class DatumRefusal extends Exception {
  public DatumRefusal(String sentence) {
    super(sentence);
  }
}
