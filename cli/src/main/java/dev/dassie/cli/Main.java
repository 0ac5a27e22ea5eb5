package dev.dassie.cli;

import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Surroundings;
import dev.dassie.cli.terminal.Terminal;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine;

/// The command line. Only the class of the command that was asked for is loaded and parsed: with
/// all of them registered, start-up takes half as long again.
public final class Main {
  private static final int INTERRUPTED = 130;

  private Main() {}

  public static void main(String[] arguments) {
    Surroundings surroundings = Surroundings.ofProcess();
    Terminal terminal = Terminal.ofProcess(surroundings.variables());
    System.exit(run(List.of(arguments), terminal, surroundings));
  }

  /// Runs one command line.
  ///
  /// @return the exit code
  public static int run(List<String> arguments, Terminal terminal, Surroundings surroundings) {
    try (Session session = new Session(terminal, surroundings)) {
      return dispatch(arguments, session);
    } catch (ProblemException e) {
      explain(e.problem(), terminal);
      return Exit.of(e.problem());
    } catch (InterruptedException e) {
      return INTERRUPTED;
    } catch (IOException e) {
      return local(e, terminal);
    } catch (UncheckedIOException e) {
      return local(Optional.ofNullable(e.getCause()).orElseGet(IOException::new), terminal);
    } catch (RuntimeException | Error e) {
      terminal.say(Bug.report(e, arguments, surroundings.home()));
      return Exit.BUG;
    } finally {
      terminal.out().flush();
    }
  }

  private static int dispatch(List<String> arguments, Session session)
      throws IOException, InterruptedException {
    String first = arguments.isEmpty() ? "help" : arguments.get(0);
    if (first.equals("help") || isHelp(first)) {
      session.terminal().out().print(Help.of(arguments.stream().skip(1).toList()));
      return Exit.OK;
    }
    if (first.equals("completion") || first.equals("train")) {
      return first.equals("train")
          ? Training.run(session)
          : Completion.print(arguments.subList(1, arguments.size()), session);
    }
    List<String> words = Catalog.words(arguments);
    String name = String.join(" ", words);
    Optional<Action> found = Catalog.make(name);
    if (found.isEmpty()) {
      throw Catalog.unknown(arguments).asException();
    }
    List<String> rest = arguments.subList(words.size(), arguments.size());
    session.prepare();
    CommandLine line = Parsing.of(name, found.get());
    if (rest.stream().takeWhile(word -> !word.equals("--")).anyMatch(Main::isHelp)) {
      session.terminal().out().print(Help.of(name, line));
      return Exit.OK;
    }
    Parsing.parse(line, name, rest);
    return found.get().run(session);
  }

  private static boolean isHelp(String word) {
    return word.equals("--help") || word.equals("-h");
  }

  private static void explain(Problem problem, Terminal terminal) {
    terminal.say(problem.detail());
    if (!problem.detail().contains("\n")) {
      for (Problem.Detail detail : problem.details()) {
        String place =
            detail.line() > 0
                ? "line %d, column %d: ".formatted(detail.line(), detail.column())
                : "";
        terminal.say("  " + place + detail.message() + detail.hint().map(h -> " " + h).orElse(""));
      }
    }
    problem.hint().ifPresent(hint -> terminal.say("Hint: " + hint));
  }

  private static int local(IOException e, Terminal terminal) {
    String reason = Optional.ofNullable(e.getMessage()).orElse(e.getClass().getSimpleName());
    if (e instanceof NoSuchFileException) {
      terminal.say("No file is at `%s`.".formatted(reason));
      return Exit.NOT_FOUND;
    }
    if (e instanceof AccessDeniedException) {
      terminal.say("The operating system does not let you use `%s`.".formatted(reason));
      return Exit.DENIED;
    }
    if (e instanceof FileSystemException file) {
      terminal.say(
          "`%s` could not be used: %s."
              .formatted(
                  file.getFile(), Optional.ofNullable(file.getReason()).orElse("it failed")));
      return Exit.FAILED;
    }
    if (!Arrays.asList("Broken pipe", "Stream closed").contains(reason)) {
      terminal.say("Reading or writing failed: %s.".formatted(reason));
    }
    return Exit.FAILED;
  }
}
