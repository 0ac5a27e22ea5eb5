package dev.dassie.cli;

import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.command.Surroundings;
import dev.dassie.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/// `train`, not listed in the help: runs the common commands once in this process, so that the AOT
/// cache that is being recorded holds their classes. The server it talks to is the build's own.
final class Training {
  private static final String REPO = "dassie-training";

  private Training() {}

  static int run(Session session) throws IOException {
    Surroundings outside = session.surroundings();
    Path folder = Files.createTempDirectory("dassie-training");
    Path file = Files.writeString(folder.resolve("a.txt"), "a\n");
    Files.writeString(folder.resolve("b.txt"), "b\n");
    Surroundings inside =
        new Surroundings(
            outside.variables(), folder, new ByteArrayInputStream(new byte[0]), outside.user());
    PrintStream nowhere =
        new PrintStream(OutputStream.nullOutputStream(), false, StandardCharsets.UTF_8);
    Terminal silent = new Terminal(nowhere, nowhere, OutputStream.nullOutputStream(), false, false);
    for (List<String> words : commands()) {
      int code = Main.run(words, silent, inside);
      if (code == Exit.BUG || code == Exit.UNREACHABLE) {
        session.say("`dassie %s` ended with exit code `%d`.".formatted(words, code));
        return Exit.FAILED;
      }
    }
    Files.deleteIfExists(file);
    Files.deleteIfExists(folder.resolve("b.txt"));
    Files.deleteIfExists(folder);
    return Exit.OK;
  }

  private static List<List<String>> commands() {
    String branch = REPO + "@master";
    return List.of(
        List.of("version"),
        List.of("status"),
        List.of("help"),
        List.of("list", "repo", "--help"),
        List.of("create", "repo", REPO),
        List.of("list", "repo"),
        List.of("list", "repo", "-o", "json"),
        List.of("inspect", "repo", REPO, "--full-timestamps"),
        List.of("put", "file", branch + ":/a.txt", "-f", "a.txt", "-m", "training"),
        List.of("put", "file", "-r", branch + ":/", "-f", "."),
        List.of("get", "file", branch + ":/a.txt"),
        List.of("get", "file", branch + ":/none"),
        List.of("list", "file", branch),
        List.of("inspect", "file", branch + ":/a.txt", "-o", "yaml"),
        List.of("glob", "file", branch + ":/*"),
        List.of("diff", "file", branch),
        List.of("list", "branch", REPO),
        List.of("inspect", "branch", branch),
        List.of("list", "commit", branch),
        List.of("inspect", "commit", branch, "-o", "jsonl"),
        List.of("start", "commit", branch),
        List.of("finish", "commit", branch),
        List.of("wait", "commit", branch, "--timeout", "1s"),
        List.of("list", "pipeline"),
        List.of("inspect", "pipeline", "none"),
        List.of("list", "job"),
        List.of("inspect", "job", "none@none"),
        List.of("list", "datum", "none@none"),
        List.of("logs", "-p", "none"),
        List.of("why", branch + ":/a.txt"),
        List.of("delete", "file", branch + ":/a.txt"),
        List.of("lst"),
        List.of("delete", "repo", REPO));
  }
}
