package dev.dassie.cli.keep;

import dev.dassie.api.Problem;
import dev.dassie.api.Reply;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `export REPO… -o FILE`, `export --all -o FILE`: repos with their history, or the whole instance,
/// as one file.
public final class Export implements Action {
  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO", arity = "0..*", description = "The repos.")
  private List<String> repos = new ArrayList<>();

  @Option(
      names = "--all",
      description = "All projects and repos, with pipelines, jobs and results.")
  private boolean all;

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FILE",
      required = true,
      description = "Where to; - for standard output.")
  private String output = "";

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    if (all != repos.isEmpty()) {
      throw Problem.invalid("Nothing, or too much, is named; expected repos or `--all`.")
          .asException();
    }
    List<String> names =
        repos.stream()
            .map(scope::address)
            .map(address -> address.project() + "/" + address.repo())
            .toList();
    Request request =
        Request.get("/archive")
            .with("repos", all ? Optional.empty() : Optional.of(String.join(",", names)));
    try (Reply reply = session.api().open(request)) {
      if (output.equals("-")) {
        long _ = reply.body().transferTo(session.terminal().out());
      } else {
        keep(reply.body(), session.file(output));
      }
    }
    return Exit.OK;
  }

  /// Under another name until it is whole.
  private static void keep(InputStream bytes, Path target) throws IOException {
    Path folder = Optional.ofNullable(target.toAbsolutePath().getParent()).orElse(Path.of("/"));
    Path part = Files.createTempFile(folder, ".dassie", ".part");
    try {
      long _ = Files.copy(bytes, part, StandardCopyOption.REPLACE_EXISTING);
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING);
    } finally {
      Files.deleteIfExists(part);
    }
  }
}
