package dev.dassie.server.access;

import dev.dassie.fault.Fault;
import dev.dassie.version.Call;
import dev.dassie.version.RepoName;
import java.util.List;
import java.util.Map;

/// What the process of a pipeline may ask of the server: to write files and commits of the repo
/// that its pipeline writes, and to read that repo. Everything else is refused.
public final class RunRule {
  private static final String REPO = "/api/v1/projects/{project}/repos/{repo}";

  /// What says nothing of anybody's data.
  private static final List<String> OPEN = List.of("/api/v1/version", "/healthz", "/readyz");

  private static final List<String> WRITES =
      List.of(
          "POST /commits",
          "POST /commits/{commit}/finish",
          "PUT /commits/{commit}/file",
          "DELETE /commits/{commit}/file",
          "POST /commits/{commit}/tar");

  private RunRule() {}

  /// Refuses what the process of the pipeline that writes `output` may not do.
  ///
  /// @param template the path of the route, with its parameters in braces
  /// @param parameters their values
  public static void check(
      RepoName output, String method, String template, Map<String, String> parameters) {
    boolean reads = method.equals("GET") || method.equals("HEAD");
    if (reads && OPEN.contains(template)) {
      return;
    }
    String place = template.startsWith(REPO) ? template.substring(REPO.length()) : "";
    boolean own =
        template.startsWith(REPO)
            && output.project().equals(parameters.get("project"))
            && output.local().equals(parameters.get("repo"));
    // A comparison may name another repo, and so may an answer to why.
    boolean elsewhere = place.endsWith("/diff") || place.endsWith("/why");
    if (!own || elsewhere || !(reads || WRITES.contains(method + " " + place))) {
      String what =
          parameters.containsKey("repo")
              ? "%s in the repo `%s/%s`"
                  .formatted(
                      reads ? "read" : "do that", parameters.get("project"), parameters.get("repo"))
              : "call `%s %s`".formatted(method, template);
      throw new Fault.Denied(
              Call.principalOf(output),
              what + ": its token is good for the repo `%s` alone".formatted(output.key()))
          .asException();
    }
  }
}
