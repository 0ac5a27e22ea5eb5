package dev.dassie.pipeline.secret;

import dev.dassie.fault.Fault;
import java.util.regex.Pattern;

/// The name of a secret, as Kubernetes would take it or a little freer. Names are per project.
public record SecretName(String project, String name) {
  private static final int MOST = 253;
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]*[A-Za-z0-9])?");
  private static final Pattern KEY = Pattern.compile("[A-Za-z0-9._-]+");

  public SecretName {
    if (name.length() > MOST || !NAME.matcher(name).matches()) {
      throw new Fault.Invalid(
              "The secret name",
              name,
              "1 to 253 letters, digits, `-`, `_` or `.`, with a letter or digit at both ends")
          .asException();
    }
  }

  /// Returns a key of a secret if it is one, else refuses it; a key is also the name of a file.
  public static String checkKey(String key) {
    if (key.length() > MOST || !KEY.matcher(key).matches() || key.matches("[.]{1,2}")) {
      throw new Fault.Invalid(
              "The key of a secret", key, "1 to 253 letters, digits, `-`, `_` or `.`")
          .asException();
    }
    return key;
  }

  /// As rows are named: `project/name`.
  String key() {
    return project + "/" + name;
  }

  @Override
  public String toString() {
    return project.equals("default") ? name : key();
  }
}
