package dev.dassie.executor.datum;

import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;

/// File names as exact UTF-8, whatever the locale of this process. Java decodes names with the
/// locale's charset; URIs of paths carry the bytes as they are.
public final class HostNames {
  private static final String SAFE = "-_.~";

  private HostNames() {}

  /// The file `name` in `folder`.
  public static Path child(Path folder, String name) {
    if (isAscii(name)) {
      return folder.resolve(name);
    }
    StringBuilder uri = new StringBuilder(folder.toUri().toString());
    if (uri.charAt(uri.length() - 1) != '/') {
      uri.append('/');
    }
    for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
      char c = (char) (b & 0xff);
      if (b > 0 && (Character.isLetterOrDigit(c) || SAFE.indexOf(c) >= 0)) {
        uri.append(c);
      } else {
        uri.append('%').append("%02X".formatted(b & 0xff));
      }
    }
    return Path.of(URI.create(uri.toString()));
  }

  /// The text of a path's last part, or of all of a relative path; empty where its bytes are not
  /// UTF-8.
  public static Optional<String> text(Path path) {
    String plain = path.toString();
    if (isAscii(plain) && plain.indexOf('?') < 0) {
      return Optional.of(plain);
    }
    Path base = Path.of("/");
    String raw = base.resolve(path).toUri().getRawPath();
    byte[] bytes = unescape(path.isAbsolute() ? raw : raw.substring(1));
    int length = bytes.length;
    if (length > 0 && bytes[length - 1] == '/' && !plain.endsWith("/")) {
      length--; // URIs of directories end with a slash
    }
    try {
      return Optional.of(
          StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes, 0, length)).toString());
    } catch (CharacterCodingException e) {
      return Optional.empty();
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  private static byte[] unescape(String raw) {
    ByteBuffer bytes = ByteBuffer.allocate(raw.length());
    for (int i = 0; i < raw.length(); i++) {
      char c = raw.charAt(i);
      if (c == '%') {
        bytes.put((byte) Integer.parseInt(raw, i + 1, i + 3, 16));
        i += 2;
      } else {
        bytes.put((byte) c);
      }
    }
    byte[] result = new byte[bytes.position()];
    bytes.flip().get(result);
    return result;
  }
}
