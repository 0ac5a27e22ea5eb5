package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.Set;

/// Reads from a request what it is about.
public final class Place {
  private Place() {}

  public static String project(Exchange exchange) {
    return Names.check("project", exchange.path("project"));
  }

  /// `/projects/{project}/repos/{repo}`: the name, or `name.spec`.
  public static RepoName repo(Exchange exchange) {
    return repo(exchange.path("project"), exchange.path("repo"));
  }

  public static RepoName repo(String project, String local) {
    if (local.contains("/")) {
      throw new Fault.Invalid("The repo name", local, "1 to 63 letters, digits, `_` or `-`")
          .asException();
    }
    return RepoName.parse(Names.check("project", project), local);
  }

  static BranchName branch(Exchange exchange) {
    return ref(exchange, "branch");
  }

  public static BranchName ref(Exchange exchange, String parameter) {
    return new BranchName(repo(exchange), Names.check(parameter, exchange.path(parameter)));
  }

  /// The commit that `{commit}` means: a branch stands for its head, open or not.
  public static Commit commit(Exchange exchange, Versions versions) {
    return versions.resolve(repo(exchange), exchange.path("commit"));
  }

  static CommitName commitName(Exchange exchange, Versions versions) {
    return commit(exchange, versions).name();
  }

  /// `?path=`, the root where it is not said.
  public static FilePath path(Exchange exchange) {
    return exchange.text("path").map(FilePath::parse).orElse(FilePath.ROOT);
  }

  /// `?path=` that must name a file.
  public static FilePath file(Exchange exchange) {
    return file("The path", exchange.required("path"));
  }

  static FilePath file(String subject, String text) {
    FilePath path = FilePath.parse(text);
    if (path.isRoot() || text.endsWith("/")) {
      throw new Fault.Invalid(subject, text, "a file's path, without a slash at its end")
          .asException();
    }
    return path;
  }

  /// `{"set": {key: value}, "delete": [key]}`
  static MetadataEdit edit(Fields body) {
    Fields known = body.only("set", "delete");
    return new MetadataEdit(known.map("set"), Set.copyOf(known.texts("delete")));
  }

  /// The fields of a change that has only metadata.
  static final Route.Body EDIT = Route.Body.json("MetadataEdit");
}
