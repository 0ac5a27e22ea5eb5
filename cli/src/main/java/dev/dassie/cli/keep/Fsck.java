package dev.dassie.cli.keep;

import dev.dassie.api.Lines;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/// `fsck`
public final class Fsck implements Action {
  private static final Duration AT_MOST = Duration.ofDays(7);

  @Mixin private final Shape shape = new Shape();

  @Option(
      names = "--repair",
      arity = "0..1",
      fallbackValue = "",
      paramLabel = "COPY",
      description =
          "Repair first: records from what is stored, chunks from a copy of the store, if one is"
              + " given: a folder of the server's machine, or `s3://BUCKET[/PREFIX][?endpoint=URL]`.")
  private Optional<String> repair = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Request request = Request.post("/fsck").flag("repair", repair.isPresent()).within(AT_MOST);
    Optional<String> copy = repair.filter(given -> !given.isEmpty());
    if (copy.isPresent()) {
      request = request.with("copy", place(session, copy.get()));
    }
    long[] findings = {0};
    if (shape.format().isPresent()) {
      long _ =
          new Listing(session, shape)
              .whole(request, List.of(), line -> findings[0] += findings(line));
    } else {
      try (Lines lines = session.api().lines(request)) {
        for (Optional<JsonNode> line = lines.next(); line.isPresent(); line = lines.next()) {
          findings[0] += findings(line.get());
          session.print(text(line.get()));
          String hint = word(line.get(), "hint");
          if (!hint.isEmpty()) {
            session.say("Hint: " + hint);
          }
        }
      }
    }
    return findings[0] > 0 ? Exit.FAILED : Exit.OK;
  }

  private static String place(Session session, String copy) {
    return copy.startsWith("s3://") ? copy : session.file(copy).toAbsolutePath().toString();
  }

  private static long findings(JsonNode line) {
    return line.path("findings").asLong(0);
  }

  private static String text(JsonNode line) {
    String message = word(line, "message");
    return switch (word(line, "kind")) {
      case "summary" -> summary(line);
      case "file" ->
          "%s@%s:%s: %s%s"
              .formatted(
                  word(line, "repo"),
                  word(line, "commit"),
                  word(line, "path"),
                  message,
                  also(line.path("also").asLong(0)));
      case "record" -> record(line) + message;
      case "pack" -> message;
      default -> "%s: %s".formatted(word(line, "kind"), message);
    };
  }

  private static String also(long commits) {
    return commits == 0
        ? ""
        : " %d other%s of the newest commits of the repo %s it too."
            .formatted(commits, commits == 1 ? "" : "s", commits == 1 ? "has" : "have");
  }

  private static String record(JsonNode line) {
    String commit = word(line, "commit");
    String name = word(line, "repo") + (commit.isEmpty() ? "" : "@" + commit);
    return name.isEmpty() ? "" : name + ": ";
  }

  private static String word(JsonNode line, String key) {
    return line.path(key).asString("");
  }

  private static String summary(JsonNode line) {
    JsonNode done = line.path("repaired");
    String repaired =
        done.isObject()
            ? "Replaced %d packs, brought %d chunks, wrote %d records anew. "
                .formatted(
                    done.path("packs").asLong(0),
                    done.path("chunks").asLong(0),
                    done.path("records").asLong(0))
            : "";
    return "%sChecked %d packs and %d commits: %s."
        .formatted(
            repaired,
            line.path("packs").asLong(0),
            line.path("commits").asLong(0),
            counted(findings(line)));
  }

  private static String counted(long findings) {
    return findings == 0 ? "no damage" : findings == 1 ? "1 finding" : findings + " findings";
  }
}
