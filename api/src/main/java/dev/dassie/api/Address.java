package dev.dassie.api;

import java.util.Optional;

/// What people type to name data: `repo`, `repo@commit`, `repo@commit:/path`, each with or without
/// `project/` before it. The commit part is passed on as typed: branch, tag, id, prefix, with `^`,
/// `~3` and `.N` behind it.
///
/// @param repo with its type where it is not a user's: `edges.spec`
/// @param commit absent when nothing stands behind an `@`
/// @param path with a leading slash; absent when no `:` stands there
public record Address(String project, String repo, Optional<String> commit, Optional<String> path) {
  /// The branch that is meant where none is named.
  public static final String DEFAULT_BRANCH = "master";

  /// Reads an address; `project` is the one meant when the text names none.
  ///
  /// @throws ProblemException when no repo is named
  public static Address parse(String text, String project) {
    int colon = text.indexOf(':');
    String path = colon < 0 ? "" : text.substring(colon + 1);
    String head = colon < 0 ? text : text.substring(0, colon);
    int at = head.indexOf('@');
    String commit = at < 0 ? "" : head.substring(at + 1);
    String name = at < 0 ? head : head.substring(0, at);
    int slash = name.indexOf('/');
    String repo = slash < 0 ? name : name.substring(slash + 1);
    if (repo.isEmpty() || repo.indexOf('/') >= 0 || (slash == 0)) {
      throw Problem.of(
              Problem.INVALID,
              "The address is `%s`, expected `repo@branch` or `repo@branch:/path`.".formatted(text),
              Optional.of("A project goes before it with a slash: `project/repo@branch`."))
          .asException();
    }
    return new Address(
        slash < 0 ? project : name.substring(0, slash),
        repo,
        commit.isEmpty() ? Optional.empty() : Optional.of(commit),
        colon < 0 ? Optional.empty() : Optional.of(path.startsWith("/") ? path : "/" + path));
  }

  /// The same repo and path at another commit.
  public Address withCommit(String other) {
    return new Address(project, repo, Optional.of(other), path);
  }

  /// The commit part as typed, or the default branch.
  public String commitOrDefault() {
    return commit.orElse(DEFAULT_BRANCH);
  }

  /// The path as typed, or the root.
  public String pathOrRoot() {
    return path.orElse("/");
  }

  /// The URL path of the repo below the API's base.
  public String repoUrl() {
    return "/projects/" + Percent.encode(project) + "/repos/" + Percent.encode(repo);
  }

  /// The URL path of the commit below the API's base.
  public String commitUrl() {
    return repoUrl() + "/commits/" + Percent.encode(commitOrDefault());
  }

  /// The address as a person would type it within this project.
  @Override
  public String toString() {
    return repo + commit.map(c -> "@" + c).orElse("") + path.map(p -> ":" + p).orElse("");
  }
}
