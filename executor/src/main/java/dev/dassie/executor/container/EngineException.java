package dev.dassie.executor.container;

import java.io.IOException;

/// The engine refused a call, in its own words.
final class EngineException extends IOException {
  private final int status;

  /// @param status of HTTP
  EngineException(int status, String message) {
    super(message);
    this.status = status;
  }

  int status() {
    return status;
  }

  boolean isNotFound() {
    return status == 404;
  }
}
