package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Refusal;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.zip.CRC32C;

/// Where a list goes on. Its text is for clients to send back as it is: it is checked against the
/// list that it came from.
///
/// @param past whether it goes on past all that begins with `key`, not after `key` itself
record Token(boolean past, String key) {
  private static final int VERSION = 1;
  private static final int HEAD = 6;

  /// @param bucket of the list, with its prefix and delimiter
  String text(String bucket, String prefix, String delimiter) {
    byte[] name = key.getBytes(StandardCharsets.UTF_8);
    ByteBuffer bytes = ByteBuffer.allocate(HEAD + name.length);
    bytes.put((byte) VERSION).put((byte) (past ? 1 : 0));
    bytes.putInt(check(bucket, prefix, delimiter, past, key)).put(name);
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes.array());
  }

  /// Reads what [#text] wrote for the same list, else `InvalidArgument`.
  static Token read(String text, String bucket, String prefix, String delimiter) {
    try {
      byte[] bytes = Base64.getUrlDecoder().decode(text);
      if (bytes.length >= HEAD && bytes[0] == VERSION) {
        boolean past = bytes[1] == 1;
        String key =
            new String(Arrays.copyOfRange(bytes, HEAD, bytes.length), StandardCharsets.UTF_8);
        int check = ByteBuffer.wrap(bytes, 2, 4).getInt();
        if (check == check(bucket, prefix, delimiter, past, key)) {
          return new Token(past, key);
        }
      }
    } catch (IllegalArgumentException e) {
      // No Base64: refused as any other that this server did not give.
    }
    throw Refusal.argument("continuation-token", text, "one that this list answered with");
  }

  private static int check(
      String bucket, String prefix, String delimiter, boolean past, String key) {
    CRC32C check = new CRC32C();
    String all = String.join("\0", bucket, prefix, delimiter, past ? "1" : "0", key);
    check.update(all.getBytes(StandardCharsets.UTF_8));
    return (int) check.getValue();
  }
}
