package dev.dassie.job.standing;

import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// How far the answers on a connection have come, where it speaks HTTP/1 (RFC 9112, section 6):
/// then it is known when nothing is owed any more. Of another protocol it knows nothing. Requests
/// that are sent before the one before is answered count as one. Not thread-safe.
final class HttpAnswers {
  private static final int LONGEST_LINE = 1 << 16;

  /// Whether an answer is owed.
  enum Owed {
    UNKNOWN,
    YES,
    NO
  }

  private enum Part {
    STATUS,
    FIELDS,
    BODY,
    CHUNK_SIZE,
    CHUNK,
    CHUNK_END,
    TRAILER,
    UNTIL_CLOSE,
    OTHER
  }

  private final StringBuilder line = new StringBuilder();
  private Part part = Part.STATUS;
  private Owed owed = Owed.UNKNOWN;
  private boolean head;
  private int code;
  private long left;
  private boolean chunked;

  Owed owed() {
    return owed;
  }

  /// The client said something.
  void asked(byte[] bytes, int length) {
    if (part == Part.OTHER) {
      return;
    }
    if (owed != Owed.YES) {
      head = new String(bytes, 0, Math.min(length, 5), StandardCharsets.ISO_8859_1).equals("HEAD ");
    }
    if (owed == Owed.NO) {
      owed = Owed.YES;
    }
  }

  /// The process said something.
  void said(byte[] bytes, int length) {
    int at = 0;
    while (at < length && part != Part.OTHER && part != Part.UNTIL_CLOSE) {
      at = part == Part.BODY || part == Part.CHUNK ? skip(at, length) : character(bytes, at);
    }
  }

  private int skip(int at, int length) {
    long taken = Math.min(left, length - at);
    left -= taken;
    if (left == 0) {
      if (part == Part.BODY) {
        end();
      } else {
        part = Part.CHUNK_END;
      }
    }
    return (int) (at + taken);
  }

  private int character(byte[] bytes, int at) {
    char letter = (char) (bytes[at] & 0xff);
    if (letter == '\n') {
      String text = line.toString().stripTrailing();
      line.setLength(0);
      line(text);
    } else if (line.length() == LONGEST_LINE) {
      other();
    } else {
      line.append(letter);
      if (part == Part.STATUS && !"HTTP/1.".startsWith(beginning())) {
        other();
      }
    }
    return at + 1;
  }

  private String beginning() {
    return line.substring(0, Math.min(line.length(), 7));
  }

  private void line(String text) {
    switch (part) {
      case STATUS -> status(text);
      case FIELDS -> field(text);
      case CHUNK_SIZE -> chunk(text);
      case CHUNK_END -> part = Part.CHUNK_SIZE;
      case TRAILER -> {
        if (text.isEmpty()) {
          end();
        }
      }
      case BODY, CHUNK, UNTIL_CLOSE, OTHER -> throw new IllegalStateException(part.name());
    }
  }

  private void status(String text) {
    String[] words = text.split(" ", 3);
    if (words.length < 2 || !words[1].matches("[1-9][0-9]{2}")) {
      other();
      return;
    }
    code = Integer.parseInt(words[1]);
    left = -1;
    chunked = false;
    owed = Owed.YES;
    part = Part.FIELDS;
  }

  private void field(String text) {
    if (text.isEmpty()) {
      body();
      return;
    }
    int colon = text.indexOf(':');
    String name = colon < 0 ? "" : text.substring(0, colon).toLowerCase(Locale.ROOT);
    String value = text.substring(colon + 1).strip().toLowerCase(Locale.ROOT);
    if (name.equals("content-length") && value.matches("[0-9]{1,18}")) {
      left = Long.parseLong(value);
    } else if (name.equals("transfer-encoding")) {
      chunked = value.endsWith("chunked");
    }
  }

  private void body() {
    if (code == 101) {
      other();
    } else if (code < 200) {
      part = Part.STATUS; // the answer itself is still to come
    } else if (head || code == 204 || code == 304 || (!chunked && left == 0)) {
      end();
    } else if (chunked) {
      part = Part.CHUNK_SIZE;
    } else {
      part = left > 0 ? Part.BODY : Part.UNTIL_CLOSE;
    }
  }

  private void chunk(String text) {
    String size = text.split(";", 2)[0].strip();
    if (!size.matches("[0-9a-fA-F]{1,15}")) {
      other();
      return;
    }
    left = Long.parseLong(size, 16);
    part = left == 0 ? Part.TRAILER : Part.CHUNK;
  }

  private void end() {
    part = Part.STATUS;
    owed = Owed.NO;
  }

  /// Something else is spoken, from now on.
  private void other() {
    part = Part.OTHER;
    owed = Owed.UNKNOWN;
    line.setLength(0);
  }
}
