package dev.dassie.server;

import dev.dassie.content.PackExchange;
import dev.dassie.content.Packs;
import dev.dassie.job.Executor;
import dev.dassie.job.worker.Joining;
import dev.dassie.job.worker.Terms;
import dev.dassie.job.worker.Workers;
import dev.dassie.server.access.WorkerTokens;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Waits;
import dev.dassie.server.http.WorkersResource;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.List;
import java.util.Locale;

/// Makes what a server needs to have workers.
final class Workshop {
  private Workshop() {}

  /// What a server says of itself to workers, which must be like it.
  static Joining server(Executor own, String store) {
    return joining("server", own, store, 1);
  }

  /// What this program says of itself.
  static Joining joining(String name, Executor executor, String store, int slots) {
    String platform =
        "%s %s"
            .formatted(
                System.getProperty("os.name", "").toLowerCase(Locale.ROOT),
                System.getProperty("os.arch", ""));
    String build = Build.CURRENT.version() + " " + Build.CURRENT.build();
    return new Joining(name, build, executor.name(), executor.sandbox(), platform, store, slots);
  }

  static Workers workers(Configuration configuration, Joining server, Packs packs) {
    return new Workers(
        Terms.USUAL,
        server,
        configuration.workers(),
        new PackExchange(packs),
        InstantSource.system(),
        new SecureRandom());
  }

  /// @param store where the objects are, as workers find them
  static List<Route> routes(
      Configuration configuration, Workers workers, Joining server, String store, Waits waits) {
    WorkerTokens tokens = WorkerTokens.of(configuration.workerToken(), configuration.isLoopback());
    return new WorkersResource(workers, tokens, waits, new WorkersResource.Entrance(server, store))
        .routes();
  }
}
