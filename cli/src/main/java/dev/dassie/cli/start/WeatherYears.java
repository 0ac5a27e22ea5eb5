package dev.dassie.cli.start;

import dev.dassie.api.Address;
import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Reply;
import dev.dassie.api.Request;
import dev.dassie.api.Upload;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Patience;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.pipeline.Specs;
import dev.dassie.cli.terminal.Cells;
import dev.dassie.cli.transaction.Joining;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import java.util.Optional;
import java.util.OptionalLong;
import java.util.Set;
import java.util.TreeSet;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import tools.jackson.databind.JsonNode;

/// The calls that the quickstart makes, all in the project `default`.
final class WeatherYears {
  private static final String REPO = "weather";
  private static final String DESCRIPTION = "Daily weather of Seattle (dassie quickstart)";
  private static final String REPOS = "/projects/default/repos";
  private static final int FILE_BYTES_MAX = 1 << 20;
  private final Session session;

  WeatherYears(Session session) {
    this.session = session;
  }

  /// Makes the repo; one of that name that is not the quickstart's is left alone.
  void repo() throws IOException, InterruptedException {
    Optional<JsonNode> repo = found(Request.get(REPOS + "/" + REPO));
    if (repo.isEmpty()) {
      session
          .api()
          .json(
              Request.post(REPOS)
                  .json(Json.object().put("name", REPO).put("description", DESCRIPTION)));
    } else if (!Cells.text(repo.get(), "description").equals(DESCRIPTION)) {
      throw Problem.of(
              Problem.CONFLICT,
              "A repo named `weather` exists, and it is not the quickstart's.",
              Optional.of(
                  "Run the quickstart on a home of its own: `DASSIE_HOME=… DASSIE_PORT=…`."))
          .asException();
    }
  }

  /// Paths of the files at the top of `weather`; none while it has no commit.
  Set<String> files() throws IOException, InterruptedException {
    return found(Request.get(branch(REPO))).isEmpty() ? Set.of() : files(REPO);
  }

  /// Paths of the files at the top of a repo.
  Set<String> files(String repo) throws IOException, InterruptedException {
    Set<String> paths = new TreeSet<>();
    try (Lines lines =
        session.api().lines(Request.get(commit(repo) + "/files").with("path", "/"))) {
      for (Optional<JsonNode> file = lines.next(); file.isPresent(); file = lines.next()) {
        paths.add(Cells.text(file.get(), "path"));
      }
    }
    return paths;
  }

  /// Puts texts as one commit.
  ///
  /// @return the id of the commit, which is the id of all it causes
  String put(Map<String, String> texts) throws IOException, InterruptedException {
    byte[] tar = tar(texts);
    Upload upload =
        new Upload(
            "application/x-tar",
            OptionalLong.of(tar.length),
            true,
            Optional.empty(),
            () -> new ByteArrayInputStream(tar));
    return Cells.text(
        session.api().json(Request.post(commit(REPO) + "/tar").with("path", "/").upload(upload)),
        "id");
  }

  void delete(String path) throws IOException, InterruptedException {
    session.api().json(Request.delete(commit(REPO) + "/file").with("path", path));
  }

  /// Creates the pipeline, or updates the one that is there.
  void pipeline(Path spec) throws IOException, InterruptedException {
    String name = spec.toString().replaceFirst(".*/", "").replace(".yaml", "");
    boolean exists = found(Request.get("/projects/default/pipelines/" + name)).isPresent();
    Specs.send(
        session,
        new Scope(),
        new Message(),
        Joining.apart(),
        Specs.read(spec, spec.toString()),
        exists,
        false);
    session.print(
        "%-8s %s from %s".formatted(name + ":", exists ? "brought up to date" : "created", spec));
  }

  /// Waits for the newest job of the pipeline.
  JsonNode await(String pipeline) throws IOException, InterruptedException {
    JsonNode head = session.api().json(Request.get(commit(pipeline)));
    return job(pipeline, Cells.text(head, "id"));
  }

  /// Waits for a job.
  ///
  /// @throws ProblemException when it did not succeed
  JsonNode job(String pipeline, String id) throws IOException, InterruptedException {
    String url = "/projects/default/pipelines/%s/jobs/%s".formatted(pipeline, id);
    // The job is known a moment later than its output commit, so that is awaited first.
    new Patience().await(session, Request.get(REPOS + "/" + pipeline + "/commits/" + id + "/wait"));
    JsonNode job = new Patience().await(session, Request.get(url + "/wait"));
    if (!Cells.text(job, "state").equals("success")) {
      throw Problem.of(
              Problem.FAILED,
              "The job `%s@%s` is `%s`: %s."
                  .formatted(pipeline, id, Cells.text(job, "state"), Cells.text(job, "reason")),
              Optional.of(
                  "`dassie logs -p %s -j %s` shows what its code printed.".formatted(pipeline, id)))
          .asException();
    }
    return job;
  }

  /// The text of a small file on `master`.
  String text(String repo, String path) throws IOException, InterruptedException {
    try (Reply reply = session.api().open(Request.get(commit(repo) + "/file").with("path", path));
        InputStream body = reply.body()) {
      return new String(body.readNBytes(FILE_BYTES_MAX), StandardCharsets.UTF_8);
    }
  }

  private Optional<JsonNode> found(Request request) throws IOException, InterruptedException {
    try {
      return Optional.of(session.api().json(request));
    } catch (ProblemException e) {
      if (e.problem().code().equals(Problem.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private static String commit(String repo) {
    return REPOS + "/" + repo + "/commits/" + Address.DEFAULT_BRANCH;
  }

  private static String branch(String repo) {
    return REPOS + "/" + repo + "/branches/" + Address.DEFAULT_BRANCH;
  }

  private static byte[] tar(Map<String, String> texts) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes)) {
      for (Map.Entry<String, String> text : texts.entrySet()) {
        byte[] content = text.getValue().getBytes(StandardCharsets.UTF_8);
        TarArchiveEntry entry = new TarArchiveEntry(text.getKey().substring(1));
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }
}
