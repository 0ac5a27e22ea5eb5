package dev.dassie.cli.pipeline;

import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.terminal.Safe;
import dev.dassie.cli.terminal.Terminal;
import dev.dassie.cli.terminal.View;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;

/// The steps of `why` as a tree: each file, then how it came to be, its inputs indented below it.
final class WhyTree {
  private static final int BOLD = 1;
  private static final int DEPTH_MAX = 40;
  private static final Pattern HASH = Pattern.compile("\\b([0-9a-f]{12})[0-9a-f]{52}\\b");
  private final View view;
  private final Terminal terminal;

  WhyTree(View view, Terminal terminal) {
    this.view = view;
    this.terminal = terminal;
  }

  void step(JsonNode step) {
    String indent = "    ".repeat(Math.min(step.path("depth").asInt(0), DEPTH_MAX));
    JsonNode file = step.path("file");
    String name =
        "%s@%s:%s".formatted(Cells.text(file, "repo"), commit(file), Cells.text(file, "path"));
    print(
        indent
            + terminal.painted(Safe.line(name), BOLD)
            + "  "
            + Cells.size(file, "size_bytes")
            + hash(file));
    JsonNode by = step.path("made_by");
    switch (Cells.text(by, "kind")) {
      case "datum" -> datum(indent + "  ", by);
      case "put" -> put(indent + "  ", by);
      case "files" ->
          line(
              indent + "  ", "a directory of " + Cells.counted(by.path("files").asLong(0), "file"));
      case "cut" -> line(indent + "  ", Cells.text(by, "reason"));
      default -> print(indent + "  nothing is recorded about how it came to be");
    }
  }

  private static String commit(JsonNode file) {
    String branch = Cells.text(file, "branch");
    String commit = Cells.text(file, "commit");
    return branch.isEmpty() || branch.equals(commit)
        ? commit
        : branch + "=" + Cells.shortened(commit);
  }

  private static String hash(JsonNode file) {
    String hash = Cells.text(file, "hash");
    return hash.isEmpty() ? "" : "  hash " + Cells.shortened(hash);
  }

  private void put(String indent, JsonNode by) {
    String message = Cells.text(by, "message");
    print(
        indent
            + Safe.line(
                "put by %s %s%s"
                    .formatted(
                        Cells.text(by, "author"),
                        Cells.time(by, "at", view),
                        message.isEmpty() ? "" : ": " + message)));
  }

  private void datum(String indent, JsonNode by) {
    line(
        indent,
        "made by pipeline `%s`, job %s, datum %s"
            .formatted(
                Cells.text(by, "pipeline"),
                Cells.text(by, "job"),
                Cells.shortened(Cells.text(by, "datum"))));
    String reused = Cells.text(by, "reused_from");
    if (!reused.isEmpty()) {
      line(indent, "not run again: its result comes from job " + reused);
    }
    String tried = Cells.text(by, "tried_by");
    if (!tried.isEmpty()) {
      line(indent, "tried out by %s before there was a job: its result is reused".formatted(tried));
    }
    line(
        indent,
        "ran %s for %s, exit code %s, sandbox %s"
            .formatted(
                Cells.time(by, "started", view),
                Cells.duration(by, "duration_ms"),
                Cells.text(by, "exit_code"),
                Cells.text(by, "sandbox")));
    line(indent, "command  " + words(by.path("cmd")));
    by.path("environment")
        .forEach(fact -> line(indent, "under    " + withShortHashes(fact.asString(""))));
    parameters(indent, by.path("parameters"));
    code(indent, by.path("code"));
    for (JsonNode input : by.path("inputs")) {
      line(
          indent,
          "input    %s%s%s%s"
              .formatted(
                  input.path("s3").asBoolean(false) ? "s3://" : "/pfs/",
                  Cells.text(input, "name"),
                  Cells.text(input, "path"),
                  hash(input)));
    }
  }

  private static String withShortHashes(String text) {
    return HASH.matcher(text).replaceAll("$1");
  }

  private void parameters(String indent, JsonNode parameters) {
    JsonNode variables = parameters.path("env").isObject() ? parameters.path("env") : parameters;
    List<String> pairs = new ArrayList<>();
    variables
        .properties()
        .forEach(pair -> pairs.add(pair.getKey() + "=" + pair.getValue().asString("")));
    if (!pairs.isEmpty()) {
      line(indent, "with     " + String.join(" ", pairs));
    }
  }

  private void code(String indent, JsonNode code) {
    if (!code.isObject()) {
      return;
    }
    String git = Cells.text(code, "git_commit");
    boolean dirty = code.path("git_dirty").asBoolean(false);
    line(
        indent,
        "code     %s@%s:%s by %s %s%s"
            .formatted(
                Cells.text(code, "repo"),
                Cells.text(code, "commit"),
                Cells.text(code, "path"),
                Cells.text(code, "author"),
                Cells.time(code, "created", view),
                git.isEmpty()
                    ? ""
                    : ", git " + Cells.shortened(git) + (dirty ? " with changes" : "")));
  }

  private static String words(JsonNode command) {
    List<String> words = new ArrayList<>();
    command.forEach(word -> {
      String text = word.asString("");
      words.add(text.matches("[A-Za-z0-9_./=:,@%+-]+") ? text : "'" + text + "'");
    });
    return String.join(" ", words);
  }

  private void line(String indent, String text) {
    print(indent + Safe.line(text.stripTrailing()));
  }

  private void print(String line) {
    terminal.out().println(line);
  }
}
