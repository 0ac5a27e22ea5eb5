package dev.dassie.executor.process;

/// The sandbox ended under a command, which says nothing about the command.
final class SlotLostException extends Exception {
  SlotLostException(String sentence) {
    super(sentence);
  }
}
