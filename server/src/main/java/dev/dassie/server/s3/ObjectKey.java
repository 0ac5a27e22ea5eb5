package dev.dassie.server.s3;

import dev.dassie.fileset.FilePath;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.nio.charset.StandardCharsets;

/// The key of an object: the path of a file, or with a slash behind it the marker of a folder.
record ObjectKey(String text, FilePath path, boolean isFolder) {
  /// As at Amazon's, in UTF-8.
  static final int MAX_BYTES = 1024;

  /// A key that no file can have is refused.
  static ObjectKey parse(String text) {
    int bytes = text.getBytes(StandardCharsets.UTF_8).length;
    if (bytes > MAX_BYTES) {
      throw new Refusal(Code.KEY_TOO_LONG, "Your key is too long.")
          .with("Size", Integer.toString(bytes))
          .with("MaxSizeAllowed", Integer.toString(MAX_BYTES));
    }
    boolean folder = text.endsWith("/");
    String path = folder ? text.substring(0, text.length() - 1) : text;
    if (path.isEmpty()) {
      throw Refusal.argument("key", text, "a path that is not empty");
    }
    FilePath.check(path)
        .ifPresent(rule -> {
          throw Refusal.argument("key", text.replace("\0", "\\0"), rule);
        });
    return new ObjectKey(text, new FilePath(path), folder);
  }
}
