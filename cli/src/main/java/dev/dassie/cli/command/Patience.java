package dev.dassie.cli.command;

import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// How long a wait may last, and waiting itself: the server holds each call open until what is
/// awaited happened or half a minute passed; then it is asked again.
public final class Patience {
  private static final Duration TURN = Duration.ofSeconds(30);
  private static final Duration REPLY = Duration.ofSeconds(30);
  private static final Pattern DURATION =
      Pattern.compile(
          "(?:(\\d{1,5})d)?(?:(\\d{1,6})h)?(?:(\\d{1,6})m)?(?:(\\d{1,9}(?:\\.\\d{1,3})?)s)?");

  @Option(
      names = "--timeout",
      paramLabel = "DURATION",
      description = "Give up after this long (30s, 5m, 1h30m), with exit code 124.")
  private Optional<String> timeout = Optional.empty();

  private Optional<Long> deadline = Optional.empty();

  /// Begins to count; several waits share one deadline.
  public void begin() {
    deadline = timeout.map(text -> System.nanoTime() + parse(text).toNanos());
  }

  /// Waits until the request, a wait of the API, answers.
  ///
  /// @throws ProblemException `timed_out` when the deadline passes first
  public JsonNode await(Session session, Request wait) throws IOException, InterruptedException {
    while (true) {
      Duration turn = turn();
      try {
        String seconds = Long.toString(turn.toSeconds() + (turn.toNanosPart() > 0 ? 1 : 0));
        return session.api().json(wait.with("timeout", seconds).within(turn.plus(REPLY)));
      } catch (ProblemException e) {
        if (!e.problem().code().equals(Problem.TIMED_OUT) || turn().isZero()) {
          throw e;
        }
      }
    }
  }

  private Duration turn() {
    Duration left =
        deadline.map(end -> Duration.ofNanos(Math.max(0, end - System.nanoTime()))).orElse(TURN);
    return left.compareTo(TURN) < 0 ? left : TURN;
  }

  /// A duration as people type it: `90s`, `5m`, `1h30m`; a bare number is seconds.
  ///
  /// @throws ProblemException when the text is none
  public static Duration parse(String text) {
    Matcher parts = DURATION.matcher(text.matches("\\d+") ? text + "s" : text);
    if (text.isEmpty() || !parts.matches()) {
      throw Problem.invalid(
              "The duration is `%s`, expected one such as `30s`, `5m` or `1h30m`.".formatted(text))
          .asException();
    }
    double seconds = parts.group(4) == null ? 0 : Double.parseDouble(parts.group(4));
    return Duration.ofDays(number(parts, 1))
        .plusHours(number(parts, 2))
        .plusMinutes(number(parts, 3))
        .plusMillis(Math.round(seconds * 1000));
  }

  private static long number(Matcher parts, int group) {
    return parts.group(group) == null ? 0 : Long.parseLong(parts.group(group));
  }
}
