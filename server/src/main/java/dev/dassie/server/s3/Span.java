package dev.dassie.server.s3;

import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The bytes of an object that a read asks for.
///
/// @param partial whether it asked for a part: the reply is 206 then
/// @param parts of the object, where a part was asked for by its number
record Span(long offset, long length, boolean partial, Optional<Integer> parts) {
  private static final Pattern RANGE = Pattern.compile("bytes=([0-9]*)-([0-9]*)");
  private static final int DIGITS = 18;

  /// The part of a number, else the range of a header, else all.
  static Span read(Exchange exchange, long size, FileAttributes attributes) {
    Optional<String> range = exchange.header("Range");
    if (exchange.query().text("partNumber").isPresent()) {
      if (range.isPresent()) {
        throw new Refusal(
            Code.INVALID_REQUEST,
            "Cannot specify both Range header and partNumber query parameter");
      }
      int number = (int) exchange.query().number("partNumber", 1, 10_000, 1);
      return part(number, size, attributes);
    }
    return range.map(text -> range(text, size)).orElseGet(() -> all(size));
  }

  private static Span all(long size) {
    return new Span(0, size, false, Optional.empty());
  }

  private static Span part(int number, long size, FileAttributes attributes) {
    int count = attributes.parts().stream().mapToInt(FileAttributes.Run::count).sum();
    if (number > Math.max(1, count)) {
      throw new Refusal(Code.INVALID_PART_NUMBER, "The requested partnumber is not satisfiable")
          .with("PartNumberRequested", Integer.toString(number))
          .with("ActualPartCount", Integer.toString(Math.max(1, count)));
    }
    if (count == 0) {
      return new Span(0, size, size > 0, Optional.empty());
    }
    long offset = 0;
    int before = 0;
    for (FileAttributes.Run run : attributes.parts()) {
      if (number <= before + run.count()) {
        offset += run.size() * (number - before - 1);
        return new Span(offset, run.size(), true, Optional.of(count));
      }
      offset += run.size() * run.count();
      before += run.count();
    }
    throw new IllegalStateException("part " + number + " of " + count);
  }

  /// A range that is none is passed over; one beyond the end is refused.
  static Span range(String header, long size) {
    Matcher range = RANGE.matcher(header.strip());
    if (!range.matches() || (range.group(1).isEmpty() && range.group(2).isEmpty())) {
      return all(size);
    }
    if (range.group(1).isEmpty()) {
      long last = Math.min(size, number(range.group(2)));
      if (last == 0) {
        throw beyond(header, size);
      }
      return new Span(size - last, last, true, Optional.empty());
    }
    long first = number(range.group(1));
    long last = range.group(2).isEmpty() ? Long.MAX_VALUE : number(range.group(2));
    if (last < first) {
      return all(size);
    }
    if (first >= size) {
      throw beyond(header, size);
    }
    return new Span(first, Math.min(last, size - 1) - first + 1, true, Optional.empty());
  }

  private static long number(String digits) {
    return digits.length() > DIGITS ? Long.MAX_VALUE : Long.parseLong(digits);
  }

  private static Refusal beyond(String header, long size) {
    return new Refusal(Code.INVALID_RANGE, "The requested range is not satisfiable")
        .with("RangeRequested", Refusal.shortened(header))
        .with("ActualObjectSize", Long.toString(size));
  }
}
