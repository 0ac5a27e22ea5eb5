package dev.dassie.cli;

import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// Help texts: all commands, the nouns of a verb, or one command.
final class Help {
  private Help() {}

  /// Help about the words behind `help`.
  static String of(List<String> about) {
    if (about.isEmpty()) {
      return all();
    }
    String name = String.join(" ", Catalog.words(about));
    return Catalog.make(name)
        .map(action -> of(name, Parsing.of(name, action)))
        .orElseGet(() -> verb(about));
  }

  /// Help about one command: what it is for, its arguments and options.
  static String of(String name, CommandLine line) {
    line.getCommandSpec()
        .usageMessage()
        .width(100)
        .sortOptions(true)
        .description(Catalog.entry(name).map(Catalog.Entry::summary).orElse(""));
    return line.getUsageMessage(CommandLine.Help.Ansi.OFF);
  }

  private static String verb(List<String> about) {
    List<Catalog.Entry> entries =
        Catalog.ENTRIES.stream()
            .filter(entry -> entry.name().startsWith(about.get(0) + " "))
            .toList();
    if (entries.isEmpty()) {
      throw Catalog.unknown(about).asException();
    }
    StringBuilder text = new StringBuilder();
    entries.forEach(entry -> append(entry, text));
    return text.toString();
  }

  private static String all() {
    StringBuilder text =
        new StringBuilder(
            """
            Dassie: version control for data, with pipelines that recompute only what changed.

            Usage: dassie VERB NOUN [ARGUMENTS] [OPTIONS]
            """);
    Optional<String> group = Optional.empty();
    for (Catalog.Entry entry : Catalog.ENTRIES) {
      if (!group.equals(Optional.of(entry.group()))) {
        group = Optional.of(entry.group());
        text.append('\n').append(entry.group()).append('\n');
      }
      append(entry, text);
    }
    text.append(
        """

        `dassie help VERB NOUN` shows one command. New here? `dassie quickstart`.
        """);
    return text.toString();
  }

  private static void append(Catalog.Entry entry, StringBuilder text) {
    text.append("  %-20s %s%n".formatted(entry.name(), entry.summary()));
  }
}
