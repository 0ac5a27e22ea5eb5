package dev.dassie.server;

import dev.dassie.api.Json;
import dev.dassie.server.access.BrowserGuard;
import dev.dassie.server.http.Api;
import dev.dassie.server.http.Door;
import dev.dassie.server.http.Listener;
import dev.dassie.server.http.Metrics;
import java.net.URI;
import java.time.Duration;
import java.time.Instant;
import tools.jackson.databind.node.ObjectNode;

/// A server that runs: everything it is made of, put together by hand. Closing ends it in the
/// opposite order.
public final class Instance implements AutoCloseable {
  private final Home home;
  private final Metrics metrics;
  private final Door door;
  private final Listener listener;
  private final Instant started = Instant.now();

  private Instance(Configuration configuration, Home home) {
    this.home = home;
    metrics = new Metrics();
    door =
        new Door(
            Api.router(Build.CURRENT, configuration.settings(), this::status, metrics),
            new BrowserGuard(configuration.bind()),
            metrics);
    listener = new Listener(configuration.bind(), configuration.port(), door);
  }

  /// Starts everything and serves. The instance closes the folder, also where it does not start.
  ///
  /// @throws dev.dassie.fault.DassieException `Conflict` when the port is taken
  public static Instance start(Configuration configuration, Home home) {
    try {
      Instance instance = new Instance(configuration, home);
      instance.listener.start();
      return instance;
    } catch (RuntimeException e) {
      home.close();
      throw e;
    }
  }

  /// Where it serves.
  public URI uri() {
    return listener.uri();
  }

  @Override
  public void close() {
    door.interrupt();
    listener.close();
    metrics.close();
    home.close();
  }

  private ObjectNode status() {
    return Json.object()
        .put("version", Build.CURRENT.version())
        .put("home", home.folder().toString())
        .put("pid", ProcessHandle.current().pid())
        .put("uptime_s", Duration.between(started, Instant.now()).toSeconds());
  }
}
