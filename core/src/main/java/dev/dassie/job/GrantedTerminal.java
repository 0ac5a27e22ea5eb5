package dev.dassie.job;

import dev.dassie.job.bucket.Grant;
import java.time.Duration;
import java.util.Optional;

/// A shell with buckets, whose key is good until it is closed.
record GrantedTerminal(Terminal terminal, Grant grant) implements Terminal {
  @Override
  public String command() {
    return terminal.command();
  }

  @Override
  public Optional<byte[]> read(Duration atMost) throws InterruptedException {
    return terminal.read(atMost);
  }

  @Override
  public Optional<Integer> exitCode() {
    return terminal.exitCode();
  }

  @Override
  public void write(byte[] input) {
    terminal.write(input);
  }

  @Override
  public void endInput() {
    terminal.endInput();
  }

  @Override
  public void close() {
    try (grant) {
      terminal.close();
    }
  }
}
