package dev.dassie.cli;

import dev.dassie.api.Problem;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import picocli.AutoComplete;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;

/// `completion bash|zsh`: a script for the shell, generated from every command and option.
final class Completion {
  @Command
  private static final class Verb {}

  private Completion() {}

  static int print(List<String> words, Session session) {
    String shell = words.isEmpty() ? "" : words.get(0);
    if (!shell.equals("bash") && !shell.equals("zsh")) {
      throw Problem.of(
              Problem.INVALID,
              "The shell is `%s`, expected `bash` or `zsh`.".formatted(shell),
              Optional.of("For bash: `source <(dassie completion bash)`."))
          .asException();
    }
    if (shell.equals("zsh")) {
      session.print(
          "autoload -U +X compinit && compinit\nautoload -U +X bashcompinit && bashcompinit");
    }
    session.print(AutoComplete.bash("dassie", all()));
    return Exit.OK;
  }

  /// Every command as a subcommand of its verb.
  private static CommandLine all() {
    CommandSpec root = CommandSpec.create().name("dassie");
    Map<String, CommandSpec> verbs = new TreeMap<>();
    for (Catalog.Entry entry : Catalog.ENTRIES) {
      String[] words = entry.name().split(" ");
      Optional<Action> action = Catalog.make(entry.name());
      CommandSpec leaf =
          CommandSpec.forAnnotatedObject(action.isPresent() ? action.get() : new Verb());
      if (words.length == 1) {
        root.addSubcommand(words[0], leaf);
      } else {
        verbs.computeIfAbsent(words[0], verb -> CommandSpec.create()).addSubcommand(words[1], leaf);
      }
    }
    verbs.forEach(root::addSubcommand);
    return new CommandLine(root);
  }
}
