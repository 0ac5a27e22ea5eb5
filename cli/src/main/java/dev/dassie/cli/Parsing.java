package dev.dassie.cli;

import dev.dassie.api.Problem;
import dev.dassie.cli.command.Action;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/// Options and arguments of one command: picocli reads them, its complaints become our sentences.
final class Parsing {
  private Parsing() {}

  /// The parser of one command.
  static CommandLine of(String name, Action action) {
    return new CommandLine(action)
        .setCommandName("dassie " + name)
        .setExpandAtFiles(false)
        .setCaseInsensitiveEnumValuesAllowed(true);
  }

  /// Fills the fields of the command.
  ///
  /// @throws dev.dassie.api.ProblemException when the words do not fit the command
  static void parse(CommandLine line, String name, List<String> words) {
    try {
      line.parseArgs(words.toArray(String[]::new));
    } catch (ParameterException e) {
      throw Problem.of(
              Problem.INVALID,
              sentence(e, name, line),
              Optional.of("`dassie %s --help` shows what it takes.".formatted(name)))
          .asException();
    }
  }

  private static String sentence(ParameterException e, String name, CommandLine line) {
    if (e instanceof UnmatchedArgumentException unmatched) {
      String word = unmatched.getUnmatched().get(0);
      if (!word.startsWith("-") || word.equals("-")) {
        return "`%s` takes no further argument, but `%s` was given.".formatted(name, word);
      }
      String option = word.contains("=") ? word.substring(0, word.indexOf('=')) : word;
      return "`%s` has no option `%s`.%s".formatted(name, option, nearest(option, line));
    }
    if (e instanceof MissingParameterException missing && !missing.getMissing().isEmpty()) {
      CommandLine.Model.ArgSpec first = missing.getMissing().get(0);
      return first instanceof OptionSpec option
          ? "`%s` needs the option `%s %s`.".formatted(name, option.names()[0], option.paramLabel())
          : "`%s` needs %s.".formatted(name, first.paramLabel());
    }
    String text = Optional.ofNullable(e.getMessage()).orElse("The arguments could not be read.");
    String sentence = text.replace('\'', '`');
    return sentence.endsWith(".") ? sentence : sentence + ".";
  }

  private static String nearest(String option, CommandLine line) {
    return Nearest.to(
            option,
            line.getCommandSpec().options().stream()
                .flatMap(known -> java.util.stream.Stream.of(known.names()))
                .toList())
        .map(known -> " Did you mean `%s`?".formatted(known))
        .orElse("");
  }
}
