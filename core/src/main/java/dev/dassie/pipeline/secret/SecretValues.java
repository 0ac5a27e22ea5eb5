package dev.dassie.pipeline.secret;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// The values of a secret in the open, by key. Its text never shows them. Immutable.
public final class SecretValues {
  /// The most bytes of a secret, as in Kubernetes.
  public static final int MAX_BYTES = 1 << 20;

  private final TreeMap<String, byte[]> values = new TreeMap<>();

  /// Refuses keys that are none, and more than [#MAX_BYTES].
  public SecretValues(Map<String, byte[]> values) {
    long bytes = 0;
    for (Map.Entry<String, byte[]> value : values.entrySet()) {
      this.values.put(SecretName.checkKey(value.getKey()), value.getValue().clone());
      bytes += value.getValue().length;
    }
    if (bytes > MAX_BYTES) {
      throw new Fault.Invalid("The size of the secret", bytes + " bytes", "at most 1 MiB")
          .asException();
    }
  }

  public List<String> keys() {
    return List.copyOf(values.keySet());
  }

  public Optional<byte[]> get(String key) {
    return Optional.ofNullable(values.get(key)).map(byte[]::clone);
  }

  byte[] encode() {
    Encoder out = new Encoder().varint(values.size());
    values.forEach((key, value) -> out.string(key).bytes(value));
    return out.toBytes();
  }

  static SecretValues decode(byte[] bytes) {
    Decoder in = new Decoder("The values of a secret", bytes);
    Map<String, byte[]> values = new TreeMap<>();
    int count = in.length(in.remaining());
    for (int i = 0; i < count; i++) {
      values.put(in.string(), in.bytes());
    }
    return new SecretValues(values);
  }

  boolean same(SecretValues other) {
    return Arrays.equals(encode(), other.encode());
  }

  @Override
  public String toString() {
    return values.keySet() + " (hidden)";
  }
}
