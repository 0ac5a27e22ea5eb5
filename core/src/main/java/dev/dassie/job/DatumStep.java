package dev.dassie.job;

import dev.dassie.pipeline.Datum;
import java.util.Arrays;

/// One step of turning the datums of older inputs into those of newer ones, by [Datum#orderKey].
sealed interface DatumStep {
  byte[] order();

  /// The datum is new or may have changed.
  record Put(byte[] order, Datum datum) implements DatumStep {}

  /// The datum is not there any more, if it ever was.
  record Gone(byte[] order) implements DatumStep {}

  /// All older datums whose keys begin with `order` are gone; those that are there again follow.
  record GoneAll(byte[] order) implements DatumStep {}

  static byte[] join(byte[] first, byte[] second) {
    byte[] joined = Arrays.copyOf(first, first.length + second.length);
    System.arraycopy(second, 0, joined, first.length, second.length);
    return joined;
  }

  /// The first key after all that begin with `order`, whose last byte is not 255.
  static byte[] after(byte[] order) {
    byte[] end = order.clone();
    end[end.length - 1]++;
    return end;
  }
}
