package dev.dassie.server.s3.protocol;

import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What a request says of the checksums of its body: by header, or by a trailer that comes with it.
public record Checksums(Map<ChecksumKind, String> given, Optional<ChecksumKind> trailer) {
  /// Digests and their values in base64, of what was read.
  public static final class Running {
    private final Map<ChecksumKind, ChecksumKind.Digest> digests =
        new EnumMap<>(ChecksumKind.class);

    Running(Iterable<ChecksumKind> kinds) {
      kinds.forEach(kind -> digests.put(kind, kind.start()));
    }

    public void update(byte[] bytes, int offset, int length) {
      digests.values().forEach(digest -> digest.update(bytes, offset, length));
    }

    /// Ends all of them; to be called once.
    public Map<ChecksumKind, String> finish() {
      Map<ChecksumKind, String> values = new EnumMap<>(ChecksumKind.class);
      digests.forEach((kind, digest) -> values.put(kind, digest.base64()));
      return values;
    }
  }

  /// Starts all that are to be known in the end.
  public Running start() {
    List<ChecksumKind> kinds = new ArrayList<>(given.keySet());
    trailer.filter(kind -> !kinds.contains(kind)).ifPresent(kinds::add);
    return new Running(kinds);
  }

  /// Refuses (`BadDigest`) what was computed where something else was said.
  ///
  /// @param trailers what came behind the body
  public void check(Map<ChecksumKind, String> computed, Map<String, String> trailers) {
    given.forEach((kind, value) -> check(kind, value, computed));
    trailer.ifPresent(kind -> {
      String value = trailers.get(kind.header());
      if (value == null) {
        throw new Refusal(
            Code.MALFORMED_TRAILER,
            "The trailer `%s` was announced and did not come.".formatted(kind.header()));
      }
      check(kind, value, computed);
    });
  }

  private static void check(ChecksumKind kind, String value, Map<ChecksumKind, String> computed) {
    if (!value.equals(computed.get(kind))) {
      throw new Refusal(
          Code.BAD_DIGEST,
          "The %s that was sent, `%s`, is not that of the bytes, `%s`."
              .formatted(kind.text(), Refusal.shortened(value), computed.get(kind)));
    }
  }

  /// A stream that feeds what is read through it.
  public static InputStream through(InputStream in, Running running) {
    return new FeedingStream(in, running::update);
  }
}
