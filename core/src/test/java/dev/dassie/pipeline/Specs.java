package dev.dassie.pipeline;

import dev.dassie.version.BranchName;
import dev.dassie.version.RepoName;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Specs for tests.
public final class Specs {
  private Specs() {}

  public static final Transform EDGES =
      new Transform(
          List.of("python3", "edges.py"),
          List.of("one line"),
          env("B", "2", "A", "1"),
          Optional.of("./edges"),
          Optional.of("/work"),
          List.of(3, 1),
          List.of("true"),
          List.of(),
          Transform.Network.NONE,
          Optional.of("python:3"));

  /// Runs `cmd` and nothing else.
  public static Transform running(String... cmd) {
    return new Transform(
        List.of(cmd),
        List.of(),
        Map.of(),
        Optional.empty(),
        Optional.empty(),
        List.of(),
        List.of(),
        List.of(),
        Transform.Network.HOST,
        Optional.empty());
  }

  /// An input named as its repo, on `master` of the default project.
  public static Input.Files files(String repo, String glob) {
    return new Input.Files(repo, master(repo), glob, false);
  }

  public static BranchName master(String repo) {
    return new BranchName(new RepoName("default", repo), "master");
  }

  /// A pipeline with default settings.
  public static PipelineSpec spec(String name, Input input) {
    return new PipelineSpec(
        "default",
        name,
        "",
        Map.of(),
        Map.of(),
        running("true"),
        input,
        "master",
        1,
        3,
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        "",
        List.of());
  }

  /// A pipeline in which every field says something.
  public static PipelineSpec full() {
    Input input =
        new Input.Cross(
            List.of(
                new Input.Files("pics", master("images"), "/*.png", true),
                new Input.Union(List.of(files("red", "/"), files("blue", "/*/")))));
    return new PipelineSpec(
        "vision",
        "edges",
        "finds edges",
        env("team", "ann", "stage", "test"),
        env("note", "x"),
        EDGES,
        input,
        "main",
        4,
        2,
        Optional.of(Duration.ofMillis(1500)),
        Optional.of(Duration.ofHours(2)),
        true,
        true,
        "salt",
        List.of("resourceRequests"));
  }

  /// A map in the order given.
  static Map<String, String> env(String... pairs) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < pairs.length; i += 2) {
      values.put(pairs[i], pairs[i + 1]);
    }
    return values;
  }
}
