package dev.dassie.executor.datum;

/// The sandbox ended under a command, which says nothing about the command.
public final class SlotLostException extends Exception {
  public SlotLostException(String sentence) {
    super(sentence);
  }
}
