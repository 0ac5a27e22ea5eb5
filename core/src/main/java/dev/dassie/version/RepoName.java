package dev.dassie.version;

/// A repo of a project. Ordered and keyed by [#key].
public record RepoName(String project, String name, Type type) {
  public static final String DEFAULT_PROJECT = "default";

  /// What a repo is for.
  public enum Type {
    /// Users' data and pipelines' output.
    USER,
    /// A pipeline's specs and source, one commit per version. Written as `NAME.spec`.
    SPEC
  }

  public RepoName {
    Names.check("project", project);
    Names.check("repo", name);
  }

  public RepoName(String project, String name) {
    this(project, name, Type.USER);
  }

  /// Reads `repo`, `repo.spec` or `project/repo`.
  public static RepoName parse(String defaultProject, String text) {
    int slash = text.indexOf('/');
    String project = slash < 0 ? defaultProject : text.substring(0, slash);
    String name = text.substring(slash + 1);
    return name.endsWith(".spec")
        ? new RepoName(project, name.substring(0, name.length() - 5), Type.SPEC)
        : new RepoName(project, name, Type.USER);
  }

  /// The name with its type: `weather`, `chart.spec`.
  public String local() {
    return type == Type.SPEC ? name + ".spec" : name;
  }

  /// The stored form: `project/name` or `project/name.spec`.
  public String key() {
    return project + "/" + local();
  }

  /// As people write it: without the default project.
  @Override
  public String toString() {
    return project.equals(DEFAULT_PROJECT) ? local() : key();
  }
}
