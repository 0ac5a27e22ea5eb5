package dev.dassie.executor.container;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.util.Optional;
import java.util.regex.Pattern;

/// Who code runs as in a container. What it leaves must be the server's to read, and it is never
/// root of the machine: a server that is root chooses another user; any other server gives its own.
/// Immutable.
final class Who {
  private static final String NOBODY = "65534:65534";
  private static final String OWN_IN_ROOTLESS = "0:0";
  private static final Pattern FORM =
      Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}(:[A-Za-z0-9_][A-Za-z0-9_.-]{0,63})?");
  private static final Pattern ROOT = Pattern.compile("(root|0+)(:.*)?|[^:]*:(root|0+)");

  private final int uid;
  private final int gid;

  Who(int uid, int gid) {
    this.uid = uid;
    this.gid = gid;
  }

  /// For the user of this process.
  static Who here() throws IOException {
    return new Who(Permissions.ownUid(), Permissions.ownGid());
  }

  /// Refuses what no image and no engine allows.
  ///
  /// @throws dev.dassie.fault.DassieException `Invalid`
  void check(Optional<String> wish) {
    if (wish.isEmpty()) {
      return;
    }
    String text = wish.get();
    if (!FORM.matcher(text).matches()) {
      throw refusal(text, "a user of the image by name or number, and after a colon a group");
    }
    if (uid != 0 && !text.equals(uid + "") && !text.equals(uid + ":" + gid)) {
      throw refusal(
          text,
          "the user `%d` that the server runs as: only one that is root can run code as others"
              .formatted(uid));
    }
    if (uid == 0 && ROOT.matcher(text).matches()) {
      throw refusal(text, "a user and a group that are not root's: code never runs as root");
    }
  }

  /// The user as the engine takes it.
  String of(Optional<String> wish, Image image, Engine.Facts engine) {
    check(wish);
    if (uid != 0) {
      // An engine of the same user maps root of the container to it.
      return engine.rootless() ? OWN_IN_ROOTLESS : uid + ":" + gid;
    }
    if (wish.isPresent()) {
      return wish.get();
    }
    boolean plain = image.user().isEmpty() || ROOT.matcher(image.user()).matches();
    return plain ? NOBODY : image.user();
  }

  private static RuntimeException refusal(String text, String expected) {
    return new Fault.Invalid("`transform.user`", text, expected).asException();
  }
}
