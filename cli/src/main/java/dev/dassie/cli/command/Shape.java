package dev.dassie.cli.command;

import dev.dassie.api.Problem;
import dev.dassie.cli.terminal.View;
import java.time.Instant;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How a reply is printed.
public final class Shape {
  /// The forms for programs, besides the table for people.
  public enum Format {
    JSON,
    JSONL,
    YAML
  }

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "json, jsonl or yaml instead of a table.")
  private Optional<String> output = Optional.empty();

  @Option(names = "--raw", description = "The same as -o json.")
  private boolean raw;

  @Option(names = "--full-timestamps", description = "Times as RFC 3339, not as 3 minutes ago.")
  private boolean fullTimestamps;

  @Option(names = "--no-pager", description = "Accepted for scripts; output is never paged.")
  @SuppressWarnings("UnusedVariable") // set by picocli; there is no pager to switch off
  private boolean noPager;

  /// The form asked for; empty for a table.
  ///
  /// @throws dev.dassie.api.ProblemException when there is no such form
  public Optional<Format> format() {
    return output.isPresent() || !raw ? output.map(Shape::format) : Optional.of(Format.JSON);
  }

  private static Format format(String typed) {
    return switch (typed) {
      case "json" -> Format.JSON;
      case "jsonl" -> Format.JSONL;
      case "yaml" -> Format.YAML;
      default ->
          throw Problem.invalid(
                  "The format is `%s`, expected json, jsonl or yaml.".formatted(typed))
              .asException();
    };
  }

  public View view() {
    return new View(fullTimestamps, Instant.now());
  }
}
