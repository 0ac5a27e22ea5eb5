package dev.dassie.lineage.verdict;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.time.Instant;
import java.util.Optional;

/// What a program said of a commit (docs/format.md, "Verdicts").
public record Verdict(Kind kind, int exitCode, Instant at, String principal) {
  private static final int VERSION = 1;

  /// What exit codes mean: 0 good, 125 skip, all else bad. Codes are stored.
  public enum Kind {
    GOOD(1),
    BAD(2),
    SKIP(3);

    private final int code;

    Kind(int code) {
      this.code = code;
    }

    /// As scripts read it: `good`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }

    /// What an exit code means.
    public static Kind of(int exitCode) {
      return switch (exitCode) {
        case 0 -> GOOD;
        case 125 -> SKIP;
        default -> BAD;
      };
    }
  }

  byte[] encode() {
    return new Encoder()
        .u8(VERSION)
        .u8(kind.code)
        .varint(exitCode)
        .fixed64(at.getEpochSecond())
        .string(principal)
        .toBytes();
  }

  static Verdict decode(byte[] bytes) {
    Decoder in = new Decoder("A verdict", bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Unsupported(
              "verdict version " + version,
              Optional.of("A newer Dassie wrote it; this one reads version 1."))
          .asException();
    }
    int code = in.u8();
    for (Kind kind : Kind.values()) {
      if (kind.code == code) {
        return new Verdict(kind, in.length(255), Instant.ofEpochSecond(in.fixed64()), in.string());
      }
    }
    throw new Fault.Corrupt("A verdict", "a kind", Integer.toString(code)).asException();
  }
}
