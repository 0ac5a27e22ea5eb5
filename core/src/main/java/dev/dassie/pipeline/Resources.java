package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;

/// What the code of a pipeline may use while it runs (`resourceLimits`); 0 is without a limit. It
/// is no part of any datum key.
///
/// @param milliCpus thousandths of a CPU
public record Resources(long memoryBytes, int milliCpus, long diskBytes) {
  public static final Resources UNLIMITED = new Resources(0, 0, 0);

  /// Whole CPUs, rounded up.
  public int cpus() {
    return (int) ((milliCpus + 999L) / 1000);
  }

  void write(Encoder out) {
    out.varint(memoryBytes).varint(milliCpus).varint(diskBytes);
  }

  static Resources read(Decoder in) {
    return new Resources(in.varint(), in.length(Integer.MAX_VALUE), in.varint());
  }
}
