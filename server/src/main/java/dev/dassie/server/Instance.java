package dev.dassie.server;

import dev.dassie.content.Packs;
import dev.dassie.metadata.Metadata;
import dev.dassie.server.access.BrowserGuard;
import dev.dassie.server.http.Api;
import dev.dassie.server.http.Door;
import dev.dassie.server.http.Listener;
import dev.dassie.server.http.Metrics;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Router;
import dev.dassie.store.disk.DiskObjectStore;
import dev.dassie.store.sql.SqliteMetadata;
import dev.dassie.version.Files;
import dev.dassie.version.IdSource;
import dev.dassie.version.Versions;
import java.net.URI;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;

/// A server that runs: everything it is made of, put together by hand. Closing ends it in the
/// opposite order.
public final class Instance implements AutoCloseable {
  private static final Logger LOG = Logger.getLogger(Instance.class.getName());

  /// What is open, the newest first.
  private final Deque<AutoCloseable> parts = new ArrayDeque<>();

  private final Router router;
  private final Listener listener;

  private Instance(Configuration configuration, Home home) {
    keep(home);
    try {
      DiskObjectStore objects = new DiskObjectStore(home.store());
      Metadata metadata = keep(new SqliteMetadata(home.database()));
      Packs packs = keep(new Packs(objects, home.index()));
      Versions versions =
          new Versions(metadata, packs, home.spill(), InstantSource.system(), IdSource.random());
      Files files = new Files(versions);
      Metrics metrics = keep(new Metrics());
      router =
          Api.router(
              Build.CURRENT,
              new Api.Core(versions, files),
              configuration.settings(),
              new Vitals(home, versions, objects)::status,
              metrics);
      Door door = new Door(router, new BrowserGuard(configuration.bind()), metrics);
      listener = keep(new Listener(configuration.bind(), configuration.port(), door));
      keep(door::interrupt);
      listener.start();
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /// Starts everything and serves. The instance closes the folder, also where it does not start.
  ///
  /// @throws dev.dassie.fault.DassieException `Conflict` when the port is taken
  public static Instance start(Configuration configuration, Home home) {
    return new Instance(configuration, home);
  }

  /// Where it serves.
  public URI uri() {
    return listener.uri();
  }

  /// Every call it answers.
  public List<Route> routes() {
    return router.routes();
  }

  /// Ends every part, also where one of them fails to.
  @Override
  public void close() {
    while (!parts.isEmpty()) {
      try {
        parts.pop().close();
      } catch (Exception e) {
        LOG.log(Level.WARNING, "a part of the server did not end in order", e);
      }
    }
  }
}
