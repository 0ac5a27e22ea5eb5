package dev.dassie.server.http;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The part of a file that a request asks for (RFC 9110, section 14).
///
/// @param length 0 or more bytes from `offset`
record Range(long offset, long length) {
  private static final Pattern SINGLE = Pattern.compile("bytes=([0-9]{0,18})-([0-9]{0,18})");

  /// What became of the header.
  sealed interface Asked {}

  /// No range, or one that this server does not do (several): the whole file.
  record Whole() implements Asked {}

  record Part(Range range) implements Asked {}

  /// Beyond the end.
  record Beyond() implements Asked {}

  static Asked read(Optional<String> header, long size) {
    Matcher range = SINGLE.matcher(header.orElse("").strip());
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return new Whole();
    }
    if (range.group(1).isEmpty()) {
      long last = Math.min(size, Long.parseLong(range.group(2)));
      return last == 0 ? new Beyond() : new Part(new Range(size - last, last));
    }
    long first = Long.parseLong(range.group(1));
    long last = range.group(2).isEmpty() ? size - 1 : Long.parseLong(range.group(2));
    if (last < first && !range.group(2).isEmpty()) {
      return new Whole();
    }
    return first >= size
        ? new Beyond()
        : new Part(new Range(first, Math.min(last, size - 1) - first + 1));
  }
}
