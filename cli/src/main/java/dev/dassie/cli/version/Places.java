package dev.dassie.cli.version;

import dev.dassie.api.Address;
import dev.dassie.api.Percent;
import dev.dassie.api.Problem;

/// URL paths of refs, and what people type for commits.
final class Places {
  private Places() {}

  static String branch(Address address) {
    return address.repoUrl() + "/branches/" + Percent.encode(name(address, "branch"));
  }

  static String tag(Address address) {
    return address.repoUrl() + "/tags/" + Percent.encode(name(address, "tag"));
  }

  private static String name(Address address, String kind) {
    return address
        .commit()
        .orElseThrow(() ->
            Problem.invalid("The %s is `%s`, expected `repo@%s`.".formatted(kind, address, kind))
                .asException());
  }

  /// Whether the text is a full id, which no name can be.
  static boolean isId(String text) {
    return text.matches("[0-9a-f]{32}");
  }

  /// A commit of the repo of `ref`: `repo@x`, `@x` and `x` all mean `x`; another repo is refused.
  static String within(String typed, Address ref) {
    int at = typed.indexOf('@');
    String repo = at < 0 ? "" : typed.substring(typed.lastIndexOf('/', at) + 1, at);
    String project = at < 0 ? "" : typed.substring(0, Math.max(0, typed.lastIndexOf('/', at)));
    if ((!repo.isEmpty() && !repo.equals(ref.repo()))
        || (!project.isEmpty() && !project.equals(ref.project()))) {
      throw Problem.invalid(
              "The branch or commit is `%s`, expected one of the repo `%s` itself."
                  .formatted(typed, ref.repo()))
          .asException();
    }
    return typed.substring(typed.indexOf('@') + 1);
  }
}
