package dev.dassie.cli.keep;

import dev.dassie.api.Address;
import dev.dassie.api.Request;
import dev.dassie.api.Upload;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Listing;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Shape;
import dev.dassie.cli.terminal.Column;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;

/// `import FILE`: what `export` wrote, with its ids; all of it or nothing.
public final class Import implements Action {
  private static final Duration AT_MOST = Duration.ofDays(2);
  private static final String TYPE = "application/octet-stream";
  private static final List<Column> COUNTS =
      List.of(
          Column.text("Repos", "repos"),
          Column.text("Commits", "commits"),
          Column.text("Branches and tags", "refs"),
          Column.text("Pipelines", "pipelines"),
          Column.text("Jobs", "jobs"),
          Column.size("Bytes", "new_bytes"));

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Shape shape = new Shape();

  @Parameters(paramLabel = "FILE", description = "The archive; - for standard input.")
  private String file = "";

  @Option(
      names = "--as",
      paramLabel = "REPO",
      description = "The name that the one repo of the archive gets here.")
  private Optional<String> as = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Upload upload;
    if (file.equals("-")) {
      upload = Upload.once(TYPE, "standard input", session.input());
    } else {
      Path path = session.file(file);
      if (!Files.isRegularFile(path)) {
        throw new NoSuchFileException(path.toString());
      }
      upload = Upload.file(TYPE, path);
    }
    Optional<Address> name = as.map(scope::address);
    JsonNode counts =
        session
            .api()
            .json(
                Request.post("/archive")
                    .with("as", name.map(repo -> repo.project() + "/" + repo.repo()))
                    .upload(upload)
                    .within(AT_MOST));
    if (shape.format().isPresent()) {
      new Listing(session, shape).object(counts, COUNTS);
    } else {
      session.say(
          "New here: %d repos, %d commits, %d branches and tags, %d pipelines, %d jobs."
              .formatted(
                  counts.path("repos").asLong(),
                  counts.path("commits").asLong(),
                  counts.path("refs").asLong(),
                  counts.path("pipelines").asLong(),
                  counts.path("jobs").asLong()));
    }
    return Exit.OK;
  }
}
