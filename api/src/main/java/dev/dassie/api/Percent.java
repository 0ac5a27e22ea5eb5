package dev.dassie.api;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Percent encoding of RFC 3986 over UTF-8: everything but letters, digits and `-._~` is encoded,
/// so a result fits a path segment, a query value and a header alike.
public final class Percent {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Percent() {}

  /// The text in ASCII.
  public static String encode(String text) {
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (unit & 0xff);
      if (c < 0x80 && (Character.isLetterOrDigit(c) || "-._~".indexOf(c) >= 0)) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.toHexDigits(unit));
      }
    }
    return encoded.toString();
  }

  /// The text behind an encoded one; a `%` that no two hex digits follow stands for itself.
  public static String decode(String encoded) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(encoded.length());
    byte[] units = encoded.getBytes(StandardCharsets.UTF_8);
    for (int i = 0; i < units.length; i++) {
      if (units[i] == '%'
          && i + 2 < units.length
          && HexFormat.isHexDigit(units[i + 1])
          && HexFormat.isHexDigit(units[i + 2])) {
        bytes.write(
            HexFormat.fromHexDigit(units[i + 1]) << 4 | HexFormat.fromHexDigit(units[i + 2]));
        i += 2;
      } else {
        bytes.write(units[i]);
      }
    }
    return bytes.toString(StandardCharsets.UTF_8);
  }
}
