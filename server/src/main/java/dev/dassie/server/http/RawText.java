package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;

/// Percent-decoding that refuses what it cannot decode: a wrong path must never become a different
/// right one.
final class RawText {
  private static final int SHOWN = 200;

  private RawText() {}

  /// The text behind a percent-encoded one.
  ///
  /// @param subject what it is, for the refusal: `The URL`
  /// @param plusIsSpace whether `+` stands for a space, as in queries that forms and libraries make
  static String decode(String subject, String raw, boolean plusIsSpace) {
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        if (i + 2 >= raw.length()
            || !HexFormat.isHexDigit(raw.charAt(i + 1))
            || !HexFormat.isHexDigit(raw.charAt(i + 2))) {
          throw invalid(subject, raw, "two hex digits after each `%`");
        }
        bytes[length++] =
            (byte)
                (HexFormat.fromHexDigit(raw.charAt(i + 1)) << 4
                    | HexFormat.fromHexDigit(raw.charAt(i + 2)));
        i += 2;
      } else if (c < 0x80) {
        bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
      } else {
        throw invalid(subject, raw, "letters beyond ASCII to be percent-encoded as UTF-8");
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid(subject, raw, "percent-encoded UTF-8");
    }
  }

  /// The pairs of a query; a name that comes twice is refused.
  static Map<String, String> query(String raw) {
    Map<String, String> pairs = new LinkedHashMap<>();
    for (String pair : raw.isEmpty() ? new String[0] : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = decode("The query", equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : decode("The query", pair.substring(equals + 1), true);
      if (!pair.isEmpty() && pairs.put(name, value) != null) {
        throw invalid("The query", name, "each parameter once");
      }
    }
    return pairs;
  }

  private static RuntimeException invalid(String subject, String value, String expected) {
    String shown = value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value;
    return new Fault.Invalid(subject, shown, expected).asException();
  }
}
