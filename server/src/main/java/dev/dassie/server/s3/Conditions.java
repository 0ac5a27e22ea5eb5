package dev.dassie.server.s3;

import java.time.DateTimeException;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;

/// What a read asks of the object that it finds (RFC 9110, section 13.2.2): an entity tag goes
/// before a time.
record Conditions(
    Optional<String> match,
    Optional<String> noneMatch,
    Optional<Instant> modifiedSince,
    Optional<Instant> unmodifiedSince) {
  /// What becomes of the read.
  enum Outcome {
    GO_ON,
    NOT_MODIFIED,
    FAILED
  }

  /// @param prefix of the headers: empty, or `x-amz-copy-source-` for the source of a copy
  static Conditions read(Exchange exchange, String prefix) {
    return new Conditions(
        exchange.header(prefix + "if-match"),
        exchange.header(prefix + "if-none-match"),
        exchange.header(prefix + "if-modified-since").flatMap(Conditions::time),
        exchange.header(prefix + "if-unmodified-since").flatMap(Conditions::time));
  }

  /// A time that is none is passed over, as HTTP wants it.
  private static Optional<Instant> time(String text) {
    try {
      return Optional.of(
          ZonedDateTime.parse(text.strip(), DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
    } catch (DateTimeException e) {
      try {
        return Optional.of(Instant.parse(text.strip()));
      } catch (DateTimeException notEither) {
        return Optional.empty();
      }
    }
  }

  /// @param etag without quotes
  /// @param modified to the second
  Outcome of(String etag, Instant modified) {
    if (match.isPresent()) {
      if (!matches(match.get(), etag)) {
        return Outcome.FAILED;
      }
    } else if (unmodifiedSince.filter(modified::isAfter).isPresent()) {
      return Outcome.FAILED;
    }
    if (noneMatch.isPresent()) {
      return matches(noneMatch.get(), etag) ? Outcome.NOT_MODIFIED : Outcome.GO_ON;
    }
    return modifiedSince.filter(since -> !modified.isAfter(since)).isPresent()
        ? Outcome.NOT_MODIFIED
        : Outcome.GO_ON;
  }

  /// Whether one of the tags of a header is this one. Clients leave the quotes out.
  static boolean matches(String header, String etag) {
    for (String tag : header.split(",", 100)) {
      String plain = plain(tag);
      if (plain.equals("*") || plain.equals(etag)) {
        return true;
      }
    }
    return false;
  }

  /// A tag without quotes and without its mark of weakness.
  static String plain(String tag) {
    String plain = tag.strip();
    plain = plain.startsWith("W/") ? plain.substring(2) : plain;
    boolean quoted = plain.length() >= 2 && plain.startsWith("\"") && plain.endsWith("\"");
    return quoted ? plain.substring(1, plain.length() - 1) : plain;
  }
}
