package dev.dassie.cli.start;

import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/// `migrate`: moves what the server of `$DASSIE_HOME` keeps. The launcher runs it where the drivers
/// of databases and stores are; this class has its help.
@Command(
    footer = {
      "",
      "The server must be down. What is copied is read again and compared; all ids stay. Then no server",
      "starts on the old place any more. Broken off, the same command goes on where it stopped."
    })
public final class Migrate implements Action {
  @Option(
      names = "--database",
      paramLabel = "URL",
      description = "`sqlite` or `postgresql://…`: where the database is to be.")
  private @Nullable String database;

  @Option(
      names = "--store",
      paramLabel = "URL",
      description = "`disk` or `s3://…`: where the objects are to be.")
  private @Nullable String store;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "The configuration of the server, if it is not `config.yaml` in its folder.")
  private @Nullable String config;

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    List<String> flags = new ArrayList<>();
    Optional.ofNullable(database).ifPresent(url -> flags.addAll(List.of("--database", url)));
    Optional.ofNullable(store).ifPresent(url -> flags.addAll(List.of("--store", url)));
    Optional.ofNullable(config).ifPresent(file -> flags.addAll(List.of("--config", file)));
    return LocalServer.run(session, "migrate", flags);
  }
}
