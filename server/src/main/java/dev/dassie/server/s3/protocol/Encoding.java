package dev.dassie.server.s3.protocol;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;

/// Percent-encoding as Amazon's signature has it: letters, digits and `-._~` stand for themselves,
/// all else is two upper-case hex digits a byte.
public final class Encoding {
  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private Encoding() {}

  /// @param slash whether `/` stands for itself
  public static String encode(String text, boolean slash) {
    if (isPlain(text, slash)) {
      return text;
    }
    StringBuilder encoded = new StringBuilder(text.length() + 16);
    for (byte unit : text.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (unit & 0xff);
      if (isPlain(c) || (slash && c == '/')) {
        encoded.append(c);
      } else {
        encoded.append('%').append(HEX.toHexDigits(unit));
      }
    }
    return encoded.toString();
  }

  private static boolean isPlain(String text, boolean slash) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (!isPlain(c) && !(slash && c == '/')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isPlain(char c) {
    return (c >= 'a' && c <= 'z')
        || (c >= 'A' && c <= 'Z')
        || (c >= '0' && c <= '9')
        || c == '-'
        || c == '.'
        || c == '_'
        || c == '~';
  }

  /// The text behind an encoded one; what is no percent-encoded UTF-8 is `InvalidURI`.
  ///
  /// @param plusIsSpace as in queries
  public static String decode(String raw, boolean plusIsSpace) {
    if (isPlain(raw, true)) {
      return raw;
    }
    byte[] bytes = new byte[raw.length()];
    int length = 0;
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        if (i + 2 >= raw.length()
            || !HexFormat.isHexDigit(raw.charAt(i + 1))
            || !HexFormat.isHexDigit(raw.charAt(i + 2))) {
          throw invalid(raw);
        }
        int high = HexFormat.fromHexDigit(raw.charAt(i + 1));
        bytes[length++] = (byte) ((high << 4) | HexFormat.fromHexDigit(raw.charAt(i + 2)));
        i += 2;
      } else if (c < 0x80) {
        bytes[length++] = (byte) (c == '+' && plusIsSpace ? ' ' : c);
      } else {
        throw invalid(raw);
      }
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes, 0, length))
          .toString();
    } catch (CharacterCodingException e) {
      throw invalid(raw);
    }
  }

  private static Refusal invalid(String raw) {
    return new Refusal(
            Code.INVALID_URI,
            "The URI has `%s`, expected percent-encoded UTF-8.".formatted(Refusal.shortened(raw)))
        .with("URI", Refusal.shortened(raw));
  }
}
