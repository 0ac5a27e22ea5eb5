package dev.dassie.executor.process;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;

/// Who code runs as (`transform.user`: a name or number of the host's users, and after a colon a
/// group). A server that is root starts it as `nobody`, and as others that its configuration
/// allows, never as root; any other server as its own user alone. Thread-safe.
final class Users {
  private static final int USER_FIELDS = 7;
  private static final int GROUP_FIELDS = 3;
  private static final int NAME = 0;
  private static final int NUMBER = 2;
  private static final int FIRST_GROUP = 3;

  private final Path folder;
  private final Lanes.Identity usual;
  private final List<String> allowed;
  private final Optional<Sandbox> sandbox;

  /// @param folder where `passwd` and `group` lie
  /// @param usual who code runs as that names nobody
  /// @param allowed names of others
  Users(Path folder, Lanes.Identity usual, List<String> allowed, Optional<Sandbox> sandbox) {
    this.folder = folder;
    this.usual = usual;
    this.allowed = List.copyOf(allowed);
    this.sandbox = sandbox;
  }

  /// Nothing where the code names nobody.
  ///
  /// @throws dev.dassie.fault.DassieException `Invalid` where the code cannot run as that user
  Optional<Lanes.Identity> of(Optional<String> wish) {
    if (wish.isEmpty()) {
      return Optional.empty();
    }
    String text = wish.get();
    int colon = text.indexOf(':');
    String named = colon < 0 ? text : text.substring(0, colon);
    Optional<String[]> user = find("passwd", named, USER_FIELDS);
    if (user.isEmpty()) {
      throw refusal(text, "a user of this machine, by name or number");
    }
    int uid = Integer.parseInt(user.get()[NUMBER]);
    int gid = Integer.parseInt(user.get()[FIRST_GROUP]);
    if (colon >= 0) {
      Optional<String[]> group = find("group", text.substring(colon + 1), GROUP_FIELDS);
      if (group.isEmpty()) {
        throw refusal(text, "a group of this machine after the colon, by name or number");
      }
      gid = Integer.parseInt(group.get()[NUMBER]);
    }
    check(text, user.get()[NAME], uid, gid);
    return Optional.of(new Lanes.Identity(usual.root(), uid, gid));
  }

  private void check(String text, String name, int uid, int gid) {
    boolean same = uid == usual.uid() && gid == usual.gid();
    if (same && !(usual.root() && sandbox.filter(Sandbox.NONE::equals).isPresent())) {
      return;
    }
    if (!usual.root()) {
      throw refusal(
          text,
          "the user `%d` that the server runs as: only one that is root can run code as others"
              .formatted(usual.uid()));
    }
    if (uid == 0 || gid == 0) {
      throw refusal(text, "a user and a group that are not root's: code never runs as root");
    }
    if (sandbox.filter(Sandbox.NONE::equals).isPresent()) {
      throw refusal(text, "nobody in particular: with `--sandbox none` code runs as the server");
    }
    if (!same && !allowed.contains(name)) {
      throw refusal(
          text, "`nobody`, or one that `users_allow` in the configuration of the server names");
    }
    if (!mayBecome(uid, gid)) {
      throw refusal(text, "a user that exists where the server runs: its container maps no such");
    }
  }

  private static boolean mayBecome(int uid, int gid) {
    try {
      return Permissions.mayBecome(uid, gid);
    } catch (IOException e) {
      return false;
    }
  }

  private static RuntimeException refusal(String text, String expected) {
    return new Fault.Invalid("`transform.user`", text, expected).asException();
  }

  /// The line of a user or group, by its name or its number.
  private Optional<String[]> find(String file, String wanted, int fields) {
    List<String> lines;
    try {
      lines = Files.readAllLines(folder.resolve(file), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      return Optional.empty(); // a machine without such a list has no user of that name
    }
    Optional<String[]> numbered = Optional.empty();
    for (String line : lines) {
      String[] parts = line.split(":", -1);
      boolean whole =
          parts.length >= fields
              && parts[NUMBER].matches("[0-9]{1,9}")
              && (fields <= FIRST_GROUP || parts[FIRST_GROUP].matches("[0-9]{1,9}"));
      if (whole && parts[NAME].equals(wanted)) {
        return Optional.of(parts);
      }
      if (whole && numbered.isEmpty() && parts[NUMBER].equals(wanted)) {
        numbered = Optional.of(parts);
      }
    }
    return numbered;
  }
}
