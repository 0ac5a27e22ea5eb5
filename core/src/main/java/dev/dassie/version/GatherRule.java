package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;

/// How writes through S3 become commits of a branch; a row of its own (docs/format.md,
/// "Gathering").
///
/// @param quiet how long nothing is written before a gathered commit is finished
/// @param latest how long a gathered commit is open at most
public record GatherRule(Mode mode, Duration quiet, Duration latest) {
  public static final Duration QUIET = Duration.ofSeconds(5);
  public static final Duration LATEST = Duration.ofHours(1);

  /// The longest times that can be said.
  public static final Duration MAX = Duration.ofDays(30);

  /// Of branches that have none of their own.
  public static final GatherRule DEFAULT = new GatherRule(Mode.QUIET, QUIET, LATEST);

  /// Codes are stored.
  public enum Mode {
    /// Each write is a commit.
    EACH(1),
    /// Writes gather in an open commit until there is none for a while.
    QUIET(2),
    /// Writes gather in an open commit until somebody finishes it.
    MANUAL(3);

    private final int code;

    Mode(int code) {
      this.code = code;
    }

    /// As people write it.
    public String word() {
      return name().toLowerCase(Locale.ROOT);
    }

    /// Reads a word; another one is `Fault.Invalid`.
    public static Mode of(String word) {
      for (Mode mode : values()) {
        if (mode.word().equals(word)) {
          return mode;
        }
      }
      throw new Fault.Invalid(
              "The way that S3 writes become commits", word, "each, quiet or manual")
          .asException();
    }

    private static Mode of(int code) {
      for (Mode mode : values()) {
        if (mode.code == code) {
          return mode;
        }
      }
      throw new Fault.Corrupt("A rule of gathering", "mode 1 to 3", Integer.toString(code))
          .asException();
    }
  }

  public GatherRule {
    check("The quiet time", quiet, Duration.ofMillis(100));
    check("The longest time that a commit gathers writes", latest, quiet);
  }

  private static void check(String what, Duration time, Duration least) {
    if (time.compareTo(least) < 0 || time.compareTo(MAX) > 0) {
      String expected = "%s to 30 days".formatted(text(least));
      throw new Fault.Invalid(what, text(time), expected).asException();
    }
  }

  private static String text(Duration time) {
    return time.toMillis() % 1000 == 0 ? time.toSeconds() + "s" : time.toMillis() + "ms";
  }

  /// Where the rule of a branch stands.
  public static Metadata.Key key(BranchName branch) {
    return new Metadata.Key(Tables.GATHERING, branch.key());
  }

  /// The rule that a branch has of its own.
  public static Optional<GatherRule> of(Metadata.Reader rows, BranchName branch) {
    return rows.get(key(branch))
        .map(bytes -> Tables.decode("A rule of gathering", bytes, GatherRule::read));
  }

  /// The stored form.
  public byte[] encode() {
    Encoder out = new Encoder().u8(Tables.VERSION);
    write(out);
    return out.toBytes();
  }

  void write(Encoder out) {
    out.u8(mode.code).varint(quiet.toMillis()).varint(latest.toMillis());
  }

  static GatherRule read(Decoder in) {
    return new GatherRule(
        Mode.of(in.u8()), Duration.ofMillis(in.varint()), Duration.ofMillis(in.varint()));
  }
}
