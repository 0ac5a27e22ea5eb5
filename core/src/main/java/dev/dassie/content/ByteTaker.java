package dev.dassie.content;

import java.io.IOException;
import java.nio.ByteBuffer;

/// Takes bytes piece by piece, each before the next is made.
public interface ByteTaker {
  /// Takes all that remains; the memory is used again after the return, and MUST NOT be changed.
  void take(ByteBuffer bytes) throws IOException;
}
