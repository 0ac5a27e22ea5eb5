package dev.dassie.server.console;

import dev.dassie.lineage.Step;

/// A file on the way upstream.
///
/// @param depth steps between it and the file that was asked for
/// @param mark a short name for it in addresses
/// @param more whether what it was made from is not drawn
public record LineageStep(int depth, Step step, String mark, boolean more) {
  public String link() {
    return Links.about(
        step.file().commit().repo(),
        step.file().commit().id().value(),
        "lineage",
        step.file().path());
  }

  public String file() {
    return Links.file(step.file().commit(), step.file().path());
  }

  /// `pipeline`, `put`, `directory` or `unknown`
  public String kind() {
    return switch (step.made()) {
      case Step.ByDatum _ -> "pipeline";
      case Step.ByPut _ -> "put";
      case Step.OfFiles _ -> "directory";
      case Step.Cut _ -> "unknown";
    };
  }

  /// The line under the name in the graph.
  public String note() {
    return switch (step.made()) {
      case Step.ByDatum datum -> "by " + datum.job().pipeline();
      case Step.ByPut put -> "put by " + Say.person(put.author());
      case Step.OfFiles files -> Say.count(files.files(), "file");
      case Step.Cut _ -> "unknown";
    };
  }

  public String name() {
    String whole = step.file().path().isRoot() ? "/" : step.file().path().name();
    return Say.cut(Say.plain(whole), 22);
  }
}
