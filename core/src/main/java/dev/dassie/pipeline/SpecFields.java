package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Numbered fields of a stored spec that are there only where they say something, so that a new one
/// changes no old bytes (docs/format.md, "Pipeline specs").
record SpecFields(Map<Integer, byte[]> values) {
  static final SpecFields NONE = new SpecFields(Map.of());

  SpecFields {
    values = Map.copyOf(values);
  }

  /// @param newest the last field that this release knows; a later one is refused
  static SpecFields read(Decoder in, int newest) {
    Map<Integer, byte[]> values = new TreeMap<>();
    int count = in.length(newest);
    for (int i = 0; i < count; i++) {
      int number = in.u8();
      if (number < 1 || number > newest) {
        throw new Fault.Corrupt(
                "A pipeline spec", "fields up to number " + newest, "field " + number)
            .asException();
      }
      values.put(number, in.bytes());
    }
    return new SpecFields(values);
  }

  boolean flag(int number) {
    return values.containsKey(number);
  }

  Optional<String> text(int number) {
    return Optional.ofNullable(values.get(number))
        .map(bytes -> new String(bytes, StandardCharsets.UTF_8));
  }

  <T> Optional<T> value(int number, Function<Decoder, T> reader) {
    return Optional.ofNullable(values.get(number))
        .map(bytes -> reader.apply(new Decoder("A pipeline spec", bytes)));
  }

  /// Gathers fields in the order of their numbers. Not thread-safe.
  static final class Writer {
    private final Encoder fields = new Encoder();
    private int count;

    Writer flag(int number, boolean value) {
      return value ? add(number, new byte[0]) : this;
    }

    Writer text(int number, Optional<String> value) {
      value.ifPresent(text -> add(number, text.getBytes(StandardCharsets.UTF_8)));
      return this;
    }

    <T> Writer value(int number, Optional<T> value, BiConsumer<Encoder, T> writer) {
      value.ifPresent(present -> {
        Encoder out = new Encoder();
        writer.accept(out, present);
        add(number, out.toBytes());
      });
      return this;
    }

    private Writer add(int number, byte[] bytes) {
      fields.u8(number).bytes(bytes);
      count++;
      return this;
    }

    boolean isEmpty() {
      return count == 0;
    }

    void end(Encoder out) {
      out.varint(count).raw(fields.toBytes());
    }
  }
}
