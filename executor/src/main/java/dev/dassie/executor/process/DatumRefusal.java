package dev.dassie.executor.process;

/// A datum breaks a rule: an input that the file system cannot hold, an output that is no file. The
/// message is a sentence for the datum's result.
final class DatumRefusal extends Exception {
  DatumRefusal(String sentence) {
    super(sentence);
  }
}
