package dev.dassie.cli.pipeline;

import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Percent;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import dev.dassie.api.Upload;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// `shell PIPELINE@ID DATUM`: a shell in the sandbox of a datum, with its files and variables. Its
/// exit code is that of the shell. Where standard input is no terminal, commands are read from it.
public final class Shell implements Action {
  private static final int PIECE = 16 << 10;

  @Mixin private final Scope scope = new Scope();

  @Parameters(index = "0", paramLabel = "PIPELINE@ID", description = "The job.")
  private String job = "";

  @Parameters(index = "1", paramLabel = "DATUM", description = "The datum's id, or its beginning.")
  private String datum = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    String url = JobName.parse(job, scope).url() + "/datums/" + Percent.encode(datum);
    ObjectNode body = Json.object();
    Optional<Screen> screen = Screen.ofProcess();
    screen.ifPresent(own -> body.put("rows", own.rows()).put("columns", own.columns()));
    JsonNode opened = session.api().json(Request.post(url + "/shell").json(body));
    String shell = "/shells/" + Percent.encode(opened.path("id").asString(""));
    if (screen.isPresent()) {
      session.say("The command of this datum is in $DASSIE_CMD, and one press of ↑ away:");
      session.say("  " + opened.path("command").asString(""));
      session.say("`/pfs/out` is empty, and nothing that is done here is recorded.");
    }
    try (Lines lines = session.api().lines(Request.get(shell + "/output").unlimited())) {
      if (screen.isPresent()) {
        try (Screen.Raw _ = screen.get().raw()) {
          return talk(session, shell, lines);
        }
      }
      return talk(session, shell, lines);
    }
  }

  private static int talk(Session session, String shell, Lines lines)
      throws IOException, InterruptedException {
    Thread.ofPlatform().daemon().name("dassie-typing").start(() -> type(session, shell));
    OutputStream out = session.terminal().bytes();
    for (Optional<JsonNode> line = lines.next(); line.isPresent(); line = lines.next()) {
      if (line.get().has("exit_code")) {
        return line.get().path("exit_code").asInt(Exit.FAILED);
      }
      out.write(Base64.getDecoder().decode(line.get().path("output").asString("")));
      out.flush();
    }
    session.say("The connection ended before the shell did.");
    return Exit.FAILED;
  }

  /// Sends what is typed, each piece when it is there, until there is no more.
  private static void type(Session session, String shell) {
    byte[] piece = new byte[PIECE];
    long sent = 0;
    try {
      while (true) {
        int count = session.input().read(piece);
        byte[] bytes = count < 0 ? new byte[0] : Arrays.copyOf(piece, count);
        Upload upload =
            new Upload(
                "application/octet-stream",
                OptionalLong.of(bytes.length),
                true,
                Optional.empty(),
                () -> new ByteArrayInputStream(bytes));
        Request input =
            Request.post(shell + "/input")
                .with("offset", Long.toString(sent))
                .flag("end", count < 0)
                .upload(upload);
        JsonNode _ = session.api().json(input);
        sent += bytes.length;
        if (count < 0) {
          return;
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException | ProblemException e) {
      return; // the shell has ended, as its output says
    }
  }
}
