package dev.dassie.server;

import dev.dassie.Dassie;
import dev.dassie.content.OpenChunks;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.job.Executor;
import dev.dassie.job.standing.Host;
import dev.dassie.job.worker.Joining;
import dev.dassie.job.worker.SharedExecutor;
import dev.dassie.job.worker.Workers;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.retention.Keeper;
import dev.dassie.server.access.BrowserGuard;
import dev.dassie.server.access.RunTokens;
import dev.dassie.server.console.Console;
import dev.dassie.server.http.Api;
import dev.dassie.server.http.BadRequests;
import dev.dassie.server.http.Door;
import dev.dassie.server.http.Metrics;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Router;
import dev.dassie.server.http.Waits;
import dev.dassie.server.s3.Keys;
import dev.dassie.server.s3.Operations;
import dev.dassie.server.s3.UnreadableRequests;
import dev.dassie.server.s3.sign.Authenticator;
import dev.dassie.server.wire.Listener;
import dev.dassie.store.disk.HostFiles;
import dev.dassie.version.IdSource;
import java.net.URI;
import java.security.SecureRandom;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
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
  private final Listener s3;

  private Instance(Configuration configuration, Home home, Runnable whenLost) {
    keep(home);
    try {
      Stores stores = keep(new Stores(configuration, home, System.getenv(), whenLost));
      Packs packs = keep(new Packs(stores.objects(), home.index()));
      if (configuration.rebuild()) {
        LOG.info("The database was rebuilt with %d commits".formatted(stores.rebuild(packs)));
      }
      HostFiles outsides = new HostFiles(references(configuration));
      OpenChunks chunks = new OpenChunks(packs, outsides);
      Executor own = keep(Executors.of(configuration, home, chunks));
      Joining server = Workshop.server(own, stores.id());
      Workers workers = Workshop.workers(configuration, server, packs);
      Executor executor = new SharedExecutor(own, workers, chunks, InstantSource.system());
      Dassie dassie =
          keep(
              new Dassie(
                  stores.metadata(),
                  packs,
                  outsides,
                  executor,
                  new Outlets(configuration.egress(), home.spill()),
                  new DatumLimit(configuration.jobDatums()),
                  configuration.uploads(),
                  home.spill(),
                  home.secretKey(),
                  InstantSource.system(),
                  IdSource.random(),
                  new SecureRandom()));
      dassie.retention().openCopiesWith(new StoreCopies(configuration.store()));
      Metrics metrics = keep(new Metrics());
      Waits waits = new Waits();
      Vitals vitals = new Vitals(home, dassie, executor, stores);
      vitals.bindTo(metrics);
      Console console =
          new Console(Build.CURRENT, dassie, waits, configuration.settings(), vitals::recent);
      List<Route> pages = new ArrayList<>(console.routes());
      pages.addAll(Workshop.routes(configuration, workers, server, stores.store(), waits));
      router =
          Api.router(
              Build.CURRENT,
              dassie,
              waits,
              configuration.settings(),
              vitals::status,
              metrics,
              pages);
      RunTokens tokens = new RunTokens(new SecureRandom());
      listener = keep(http(configuration, router, tokens, metrics, console));
      s3 = keep(s3(configuration, dassie, metrics));
      Waits _ = keep(waits);
      listener.start();
      startS3(configuration, dassie);
      dassie.start(new Host(listener.uri(), configuration.bind(), tokens));
      Keeper _ = keep(new Keeper(dassie.retention(), dassie.transactions(), configuration.gc()));
    } catch (RuntimeException e) {
      close();
      throw e;
    }
  }

  private <T extends AutoCloseable> T keep(T part) {
    parts.push(part);
    return part;
  }

  /// A second server on a machine, which chose a port of its own for the API alone, serves without
  /// S3 where the usual port is taken.
  private void startS3(Configuration configuration, Dassie dassie) {
    try {
      s3.start();
      dassie.grants().serve(s3.uri());
    } catch (DassieException e) {
      if (configuration.choseS3Port() || !(e.fault() instanceof Fault.Conflict)) {
        throw e;
      }
      LOG.warning("No S3 API: " + e.fault().message() + " `--s3-port` chooses another port.");
    }
  }

  private static Listener http(
      Configuration configuration,
      Router router,
      RunTokens tokens,
      Metrics metrics,
      Console console) {
    BrowserGuard guard = new BrowserGuard(configuration.bind());
    Door door =
        new Door(router, guard, tokens, metrics, configuration.bodyLimit(), console::refuse);
    return new Listener(
        configuration.bind(), configuration.port(), "http", "--port", door, new BadRequests());
  }

  private static Listener s3(Configuration configuration, Dassie dassie, Metrics metrics) {
    InstantSource clock = InstantSource.system();
    Keys keys = new Keys(dassie.accessKeys(), dassie.grants(), configuration.isLoopback());
    dev.dassie.server.s3.Door door =
        new dev.dassie.server.s3.Door(
            new Operations(dassie),
            new Authenticator(keys, clock),
            metrics::servedS3,
            configuration.s3Domains(),
            configuration.bodyLimit());
    return new Listener(
        configuration.bind(),
        configuration.s3Port(),
        "s3",
        "--s3-port",
        door,
        new UnreadableRequests());
  }

  /// Without folders in the configuration, a server that others can reach refers to no file.
  private static HostFiles.Rule references(Configuration configuration) {
    return new HostFiles.Rule(
        configuration.references(), configuration.isLoopback(), configuration.home());
  }

  /// Starts everything and serves. The instance closes the folder, also where it does not start.
  ///
  /// @param whenLost called once, where another server took the database; it must return at once
  /// @throws dev.dassie.fault.DassieException `Conflict` when the port or the database is taken, or
  ///   database and store do not belong together; `Unavailable` when one of them does not answer
  public static Instance start(Configuration configuration, Home home, Runnable whenLost) {
    return new Instance(configuration, home, whenLost);
  }

  /// Where it serves.
  public URI uri() {
    return listener.uri();
  }

  /// Where it serves the S3 API.
  public URI s3Uri() {
    return s3.uri();
  }

  /// Every call of the API that it answers.
  public List<Route> routes() {
    return router.routes().stream().filter(route -> !route.isPage()).toList();
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
