package dev.dassie.store.s3;

import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// The object `.dassie-store` under the prefix: it says that the objects beside it are Dassie's,
/// and in which format (docs/format.md, "Objects beside the packs"). Putting it once more at each
/// start shows that the bucket can be written and that the store refuses to overwrite.
final class Marker {
  private static final String KEY = ".dassie-store";
  private static final String WORDS = "dassie objects ";
  private static final int FORMAT = 1;
  private static final int LONGEST = 64;

  private final Wire wire;

  Marker(Wire wire) {
    this.wire = wire;
  }

  /// Refuses a store that cannot be used.
  void check() {
    Optional<byte[]> found = wire.small(KEY, LONGEST);
    found.ifPresent(this::checkFormat);
    byte[] ours = (WORDS + FORMAT + "\n").getBytes(StandardCharsets.US_ASCII);
    if (!wire.address().conditionalPut()) {
      if (found.isEmpty()) {
        boolean _ = wire.putSmall(KEY, ours, false);
      }
      return;
    }
    try {
      boolean taken = !wire.putSmall(KEY, ours, true);
      // The first put may succeed, the second never.
      if (!taken && (found.isPresent() || wire.putSmall(KEY, ours, true))) {
        throw overwrites();
      }
    } catch (AwsServiceException e) {
      if (e.statusCode() == 501) {
        throw overwrites();
      }
      throw wire.refused(e);
    }
  }

  /// Refuses what is no store, or one of a newer Dassie; writes nothing.
  void expect() {
    checkFormat(
        wire.small(KEY, LONGEST)
            .orElseThrow(() ->
                new Fault.Invalid(
                        "The address",
                        wire.address().toString(),
                        "a copy of a store, with `" + KEY + "` in it")
                    .asException()));
  }

  private void checkFormat(byte[] bytes) {
    String text = new String(bytes, StandardCharsets.US_ASCII).strip();
    String number = text.startsWith(WORDS) ? text.substring(WORDS.length()) : "";
    if (!number.matches("[0-9]{1,9}")) {
      throw new Fault.Corrupt(
              "The object `" + KEY + "` of `" + wire.address() + "`",
              "`" + WORDS + FORMAT + "`",
              "`" + text + "`")
          .asException();
    }
    if (Integer.parseInt(number) > FORMAT) {
      throw new Fault.Conflict(
              "The store `%s` has format %s, and this Dassie reads up to %d."
                  .formatted(wire.address(), number, FORMAT),
              Optional.of("Start it with the newer Dassie that wrote it."))
          .asException();
    }
  }

  private RuntimeException overwrites() {
    return new Fault.Conflict(
            "The store `%s` does not honour `If-None-Match: *`, expected that it refuses to overwrite."
                .formatted(wire.address()),
            Optional.of("With `?conditional_put=false` Dassie looks before each put instead."))
        .asException();
  }
}
