package dev.dassie.executor.container;

import java.io.IOException;

/// No engine answers at the socket, or it stopped answering: the same call may succeed later.
final class EngineAbsentException extends IOException {
  EngineAbsentException(String message) {
    super(message);
  }
}
