package dev.dassie.cli.version;

import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Column;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.databind.JsonNode;

/// What tables and `inspect` show of projects, repos, branches, tags and commits.
final class Columns {
  static final List<Column> PROJECTS =
      List.of(
          Column.text("NAME", "name"),
          Column.time("CREATED", "created"),
          Column.text("AUTHOR", "author"),
          Column.text("DESCRIPTION", "description"));
  static final List<Column> REPOS =
      List.of(
          Column.text("PROJECT", "project"),
          Column.of("NAME", (item, view) -> repoName(item)),
          Column.time("CREATED", "created"),
          Column.size("SIZE", "size_bytes"),
          Column.number("FILES", "files"),
          Column.text("DESCRIPTION", "description"));
  static final List<Column> REPO =
      List.of(
          Column.of("Name", (item, view) -> repoName(item)),
          Column.text("Project", "project"),
          Column.text("Description", "description"),
          Column.time("Created", "created"),
          Column.text("Author", "author"),
          Column.size("Size of HEAD on master", "size_bytes"),
          Column.text("Files", "files"),
          Column.of("Branches", (item, view) -> joined(item.path("branches"))),
          Column.of("Metadata", (item, view) -> metadata(item)));
  static final List<Column> PROJECT =
      List.of(
          Column.text("Name", "name"),
          Column.text("Description", "description"),
          Column.time("Created", "created"),
          Column.text("Author", "author"),
          Column.of("Metadata", (item, view) -> metadata(item)));
  static final List<Column> BRANCHES =
      List.of(
          Column.text("BRANCH", "name"),
          Column.text("HEAD", "head"),
          Column.text("PIPELINE", "pipeline"),
          Column.of("TRIGGER", (item, view) -> TriggerCells.conditions(item.path("trigger"))),
          Column.of("PROVENANCE", (item, view) -> branches(item.path("provenance"))));
  static final List<Column> BRANCH =
      List.of(
          Column.text("Name", "name"),
          Column.text("Repo", "repo"),
          Column.text("Head", "head"),
          Column.text("Pipeline", "pipeline"),
          Column.of("Provenance", (item, view) -> branches(item.path("provenance"))),
          Column.of("Trigger", (item, view) -> TriggerCells.conditions(item.path("trigger"))),
          Column.of("Missing", (item, view) -> TriggerCells.missing(item.path("trigger"))),
          Column.of("Keeps", (item, view) -> rule(item.path("keep"))),
          Column.of("S3", (item, view) -> gathering(item.path("s3"))),
          Column.time("Created", "created"),
          Column.text("Author", "author"),
          Column.of("Metadata", (item, view) -> metadata(item)));
  static final List<Column> TAGS =
      List.of(
          Column.text("TAG", "name"),
          Column.text("COMMIT", "head"),
          Column.time("CREATED", "created"),
          Column.text("AUTHOR", "author"));
  static final List<Column> COMMITS =
      List.of(
          Column.text("REPO", "repo"),
          Column.text("BRANCH", "branch"),
          Column.text("COMMIT", "id"),
          Column.time("FINISHED", "finished"),
          Column.size("SIZE", "size_bytes"),
          Column.text("STATE", "state"),
          Column.text("AUTHOR", "author"),
          Column.text("MESSAGE", "message"));
  static final List<Column> COMMIT =
      List.of(
          Column.of("Commit", (item, view) -> item.path("repo").asString("") + "@" + id(item)),
          Column.text("Project", "project"),
          Column.text("Branch", "branch"),
          Column.text("State", "state"),
          Column.text("Error", "error"),
          Column.text("Message", "message"),
          Column.text("Author", "author"),
          Column.text("Parent", "parent"),
          Column.text("Merged", "merged"),
          Column.time("Started", "started"),
          Column.time("Finished", "finished"),
          Column.size("Size", "size_bytes"),
          Column.text("Files", "files"),
          Column.of("Provenance", (item, view) -> commits(item.path("provenance"))),
          Column.of("Metadata", (item, view) -> metadata(item)));

  private Columns() {}

  /// How writes through S3 become commits, and what the one that gathers waits for.
  private static String gathering(JsonNode s3) {
    if (!s3.isObject()) {
      return "";
    }
    String times =
        s3.path("commits").asString("").equals("quiet")
            ? " (%s, at the latest %s)"
                .formatted(time(s3.path("quiet_ms")), time(s3.path("latest_ms")))
            : "";
    String sentence = s3.path("gathering").path("sentence").asString("");
    return "commits "
        + s3.path("commits").asString("")
        + times
        + (sentence.isEmpty() ? "" : ". ")
        + sentence;
  }

  private static String time(JsonNode millis) {
    return java.time.Duration.ofMillis(millis.asLong(0))
        .toString()
        .substring(2)
        .toLowerCase(java.util.Locale.ROOT);
  }

  private static String id(JsonNode item) {
    return Cells.text(item, "id");
  }

  private static String repoName(JsonNode item) {
    String type = Cells.text(item, "type");
    String name = Cells.text(item, "name");
    return type.isEmpty() || type.equals("user") || name.endsWith("." + type)
        ? name
        : name + "." + type;
  }

  private static String branches(JsonNode provenance) {
    List<String> names = new ArrayList<>();
    provenance.forEach(
        branch -> names.add(Cells.text(branch, "repo") + "@" + Cells.text(branch, "branch")));
    return String.join(", ", names);
  }

  private static String rule(JsonNode keep) {
    List<String> parts = new ArrayList<>();
    if (keep.has("last")) {
      parts.add("the newest %d".formatted(keep.path("last").asLong()));
    }
    if (keep.has("seconds")) {
      parts.add(
          "those of the last %s".formatted(Duration.ofSeconds(keep.path("seconds").asLong())));
    }
    return parts.isEmpty() ? "all" : String.join(" and ", parts);
  }

  private static String commits(JsonNode provenance) {
    List<String> names = new ArrayList<>();
    provenance.forEach(commit ->
        names.add(
            "%s@%s (%s)"
                .formatted(Cells.text(commit, "repo"), id(commit), Cells.text(commit, "branch"))));
    return String.join(", ", names);
  }

  private static String joined(JsonNode list) {
    List<String> names = new ArrayList<>();
    list.forEach(name -> names.add(name.asString("")));
    return String.join(", ", names);
  }

  private static String metadata(JsonNode item) {
    List<String> pairs = new ArrayList<>();
    item.path("metadata")
        .properties()
        .forEach(pair -> pairs.add(pair.getKey() + "=" + pair.getValue().asString("")));
    return String.join(", ", pairs);
  }
}
