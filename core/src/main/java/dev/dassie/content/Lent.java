package dev.dassie.content;

import java.nio.ByteBuffer;

/// A chunk in memory that is used again once it is given back. For one thread; ends with one call
/// of [#giveBack] or [#lose].
public interface Lent {
  /// The whole chunk; not to be changed, nor used after the end.
  ByteBuffer bytes();

  /// The memory may be used again.
  void giveBack();

  /// Somebody who broke off may still hold the memory: it goes to the garbage collector.
  void lose();

  /// A chunk in memory of its own.
  static Lent of(byte[] chunk) {
    return new Lent() {
      @Override
      public ByteBuffer bytes() {
        return ByteBuffer.wrap(chunk);
      }

      @Override
      public void giveBack() {}

      @Override
      public void lose() {}
    };
  }
}
