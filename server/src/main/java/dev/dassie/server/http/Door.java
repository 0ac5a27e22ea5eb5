package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.access.BrowserGuard;
import dev.dassie.server.access.RunRule;
import dev.dassie.server.access.RunTokens;
import dev.dassie.server.wire.Wire;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.UUID;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;
import tools.jackson.databind.JsonNode;

/// Takes every request from Jetty, each on a virtual thread of its own, and sees to it that each is
/// answered: by a resource, with a problem, or, where the client went away, by ending the
/// connection. Thread-safe.
public final class Door extends Handler.Abstract {
  private static final Logger LOG = Logger.getLogger(Door.class.getName());

  /// How much of a refused upload is read before the connection ends, and for how long: a client
  /// that is still sending does not read the refusal.
  private static final long DRAIN_BYTES = 1L << 30;

  private static final long DRAIN_NANOS = 10_000_000_000L;

  private final Router router;
  private final BrowserGuard guard;
  private final RunTokens tokens;
  private final Metrics metrics;
  private final long bodyLimit;
  private final Refusals refusals;

  /// @param bodyLimit bytes that the body of a request may have
  /// @param refusals what a browser gets that asked for a page
  public Door(
      Router router,
      BrowserGuard guard,
      RunTokens tokens,
      Metrics metrics,
      long bodyLimit,
      Refusals refusals) {
    super(InvocationType.BLOCKING);
    this.router = router;
    this.guard = guard;
    this.tokens = tokens;
    this.metrics = metrics;
    this.bodyLimit = bodyLimit;
    this.refusals = refusals;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    long start = System.nanoTime();
    Wire wire = new Wire(request, response, bodyLimit);
    String path = request.getHttpURI().getPath();
    Router.Found found =
        new Router.Found(Optional.empty(), java.util.Map.of(), java.util.List.of());
    // A wait without traffic is no idle connection; reads and writes still time out.
    request.addIdleTimeoutListener(timeout -> false);
    wire.headers().put("X-Content-Type-Options", "nosniff");
    try {
      guard.check(request.getMethod(), header(request, "Host"), header(request, "Origin"));
      found = router.find(request.getMethod(), path == null ? "" : path);
      wire.checkLength();
      Optional<RepoName> pipeline = tokens.pipeline(header(request, "Authorization"));
      answer(wire, found, path, pipeline);
      if (wire.status() >= 400) {
        drain(wire);
      }
      callback.succeeded();
    } catch (DassieException e) {
      if (isPage(wire, path) && page(wire, e.fault())) {
        callback.succeeded();
      } else {
        end(wire, callback, e, problem(wire, e.fault()));
      }
    } catch (InterruptedException e) {
      Fault stopped = new Fault.Unavailable("The server", "it is ending");
      end(wire, callback, e, Problems.document(Problems.of(stopped)));
    } catch (Throwable e) {
      end(wire, callback, e, wire.isBroken() ? Json.object() : bug(request, e));
    } finally {
      metrics.requested(
          request.getMethod(),
          found.route().map(Route::template).orElse("none"),
          wire.status(),
          System.nanoTime() - start,
          wire.bytesRead(),
          wire.bytesWritten());
    }
    return true;
  }

  /// @param pipeline whose process asks, where one does
  private static void answer(
      Wire wire, Router.Found found, String path, Optional<RepoName> pipeline)
      throws IOException, InterruptedException {
    if (found.route().isPresent()) {
      Route route = found.route().get();
      pipeline.ifPresent(output ->
          RunRule.check(output, wire.request().getMethod(), route.template(), found.parameters()));
      Exchange exchange = new Exchange(wire, route, found.parameters(), pipeline);
      route.action().answer(exchange);
      return;
    }
    if (found.methods().isEmpty()) {
      throw new Fault.NotFound(
              "page or call", path, Optional.of("`/api/v1/openapi.json` lists all calls."))
          .asException();
    }
    String allowed = String.join(", ", found.methods());
    wire.status(405);
    wire.headers().put(HttpHeader.ALLOW, allowed);
    send(
        wire,
        Problems.document(
            405,
            "invalid",
            "`%s` does not take `%s`, only %s."
                .formatted(path, wire.request().getMethod(), allowed),
            Optional.empty()));
  }

  /// Whether a person looks at a browser, and nothing of a reply is on its way.
  private static boolean isPage(Wire wire, String path) {
    String method = wire.request().getMethod();
    return (method.equals("GET") || method.equals("HEAD"))
        && path != null
        && !path.startsWith("/api/")
        && header(wire.request(), "Accept").filter(types -> types.contains("text/html")).isPresent()
        && !wire.isBroken()
        && !wire.isCommitted();
  }

  /// Shows a refusal as a page; false where that cannot be.
  private boolean page(Wire wire, Fault fault) {
    if (fault instanceof Fault.Denied) {
      return false;
    }
    try {
      wire.reset();
      wire.headers().put("X-Content-Type-Options", "nosniff");
      refusals.show(Exchange.ofRefusal(wire), fault);
      return true;
    } catch (DassieException e) {
      return false;
    }
  }

  private static JsonNode problem(Wire wire, Fault fault) {
    return wire.isTooLarge()
        ? Problems.document(413, "invalid", fault.message(), fault.hint())
        : Problems.document(Problems.of(fault));
  }

  private static JsonNode bug(Request request, Throwable e) {
    String id = UUID.randomUUID().toString().replace("-", "").substring(0, 12);
    LOG.log(
        Level.SEVERE,
        "bug %s in %s %s".formatted(id, request.getMethod(), request.getHttpURI().getPath()),
        e);
    return Problems.bug(id);
  }

  /// Ends a request that failed: with a problem where the reply has not begun, else by breaking the
  /// connection off, so that nobody takes half a reply for a whole one.
  private static void end(Wire wire, Callback callback, Throwable cause, JsonNode problem) {
    if (wire.isBroken() || wire.isCommitted()) {
      if (cause instanceof DassieException refused && refused.fault() instanceof Fault.Corrupt) {
        LOG.log(Level.WARNING, refused.fault().message());
      }
      // Quiet for Jetty: a client that goes away is nothing to log, and a bug is logged already.
      callback.failed(new EofException(cause));
      return;
    }
    try {
      wire.reset();
      wire.headers().put("X-Content-Type-Options", "nosniff");
      wire.status(problem.path("status").asInt(500));
      send(wire, problem);
      drain(wire);
      callback.succeeded();
    } catch (RuntimeException e) {
      callback.failed(e);
    }
  }

  /// Reads what a client still sends after a refusal: else its next request on this connection
  /// would meet the end of it.
  private static void drain(Wire wire) {
    boolean waits = wire.request().getHeaders().contains(HttpHeader.EXPECT);
    if (!waits || wire.bytesRead() > 0) {
      wire.drain(DRAIN_BYTES, System.nanoTime() + DRAIN_NANOS);
    }
  }

  private static void send(Wire wire, JsonNode problem) {
    wire.headers().put(HttpHeader.CONTENT_TYPE, Problems.MEDIA_TYPE);
    wire.send(Json.compact(problem).getBytes(StandardCharsets.UTF_8));
  }

  private static Optional<String> header(Request request, String name) {
    return Optional.ofNullable(request.getHeaders().get(name));
  }
}
