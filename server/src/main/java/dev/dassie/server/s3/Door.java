package dev.dassie.server.s3;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Query;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.sign.Asked;
import dev.dassie.server.s3.sign.Authenticator;
import dev.dassie.server.wire.Wire;
import java.io.IOException;
import java.util.HexFormat;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.http.HttpFields;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.io.EofException;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.util.Callback;

/// Takes every request of the S3 API from Jetty, each on a virtual thread of its own, and sees to
/// it that each is answered: by an operation, with an error, or, where the client went away, by
/// ending the connection. Thread-safe.
public final class Door extends Handler.Abstract {
  private static final Logger LOG = Logger.getLogger(Door.class.getName());

  /// How much of a refused upload is read before the connection ends, and for how long: a client
  /// that is still sending does not read the refusal.
  private static final long DRAIN_BYTES = 1L << 28;

  private static final long DRAIN_NANOS = 5_000_000_000L;

  /// As other servers log a client that went away.
  private static final int CLIENT_GONE = 499;

  private static final HexFormat HEX = HexFormat.of().withUpperCase();

  private final Operations operations;
  private final Authenticator authenticator;
  private final Tally tally;
  private final PageGuard guard;
  private final List<String> domains;
  private final long bodyLimit;

  /// @param domains names of the server before which buckets may stand, in lower case
  /// @param bodyLimit bytes that the body of a request may have
  public Door(
      Operations operations,
      Authenticator authenticator,
      Tally tally,
      List<String> domains,
      long bodyLimit) {
    super(InvocationType.BLOCKING);
    this.operations = operations;
    this.authenticator = authenticator;
    this.tally = tally;
    this.guard = new PageGuard();
    this.domains = domains;
    this.bodyLimit = bodyLimit;
  }

  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    Wire wire = new Wire(request, response, bodyLimit);
    AtomicReference<String> operation = new AtomicReference<>("none");
    try {
      answer(wire, callback, operation);
    } finally {
      int status = wire.isBroken() ? CLIENT_GONE : wire.status();
      tally.answered(operation.get(), status, wire.nanos(), wire.bytesRead(), wire.bytesWritten());
    }
    return true;
  }

  private void answer(Wire wire, Callback callback, AtomicReference<String> operation) {
    Request request = wire.request();
    String requestId = HEX.toHexDigits(ThreadLocalRandom.current().nextLong());
    String rawPath = request.getHttpURI().getPath();
    String shown = rawPath == null ? "/" : rawPath;
    request.addIdleTimeoutListener(timeout -> false);
    prepare(wire, requestId);
    try {
      answer(wire, shown, requestId, operation);
      callback.succeeded();
    } catch (Refusal e) {
      end(wire, callback, e, e, shown, requestId);
    } catch (DassieException e) {
      end(wire, callback, e, translated(wire, e.fault()), shown, requestId);
    } catch (Throwable e) {
      Refusal bug =
          new Refusal(
              Code.INTERNAL_ERROR,
              "Dassie met an internal error; the server's log has it under `%s`."
                  .formatted(requestId));
      if (!wire.isBroken()) {
        LOG.log(
            Level.SEVERE, "bug %s in S3 %s %s".formatted(requestId, request.getMethod(), shown), e);
      }
      end(wire, callback, e, bug, shown, requestId);
    }
  }

  private static void prepare(Wire wire, String requestId) {
    wire.headers().put("x-amz-request-id", requestId);
    wire.headers().put("x-amz-id-2", requestId);
    wire.headers().put("X-Content-Type-Options", "nosniff");
  }

  private void answer(Wire wire, String rawPath, String requestId, AtomicReference<String> named)
      throws IOException, InterruptedException {
    Request request = wire.request();
    HttpFields fields = request.getHeaders();
    String host = fields.get(HttpHeader.HOST) == null ? "" : fields.get(HttpHeader.HOST);
    Target target = Target.read(rawPath, host, domains);
    String query = request.getHttpURI().getQuery();
    Asked asked =
        new Asked(
            request.getMethod(),
            target.path(),
            Query.parse(query == null ? "" : query),
            new Headers(fields));
    if (request.getMethod().equals("OPTIONS")) {
      throw new Refusal(
          Code.CORS_NOT_ENABLED, "CORSResponse: CORS is not enabled for this bucket.");
    }
    Authenticator.Identity identity = authenticator.check(asked);
    if (!identity.key().proven()) {
      guard.check(host, fields.get(HttpHeader.ORIGIN));
    }
    if (request.getLength() > bodyLimit) {
      throw tooLarge();
    }
    Reach reach = operations.reach(identity.key());
    Exchange exchange = new Exchange(wire, target, asked, identity, reach, requestId);
    Operation operation = Operations.named(exchange, asked.method());
    named.set(operation.title());
    operations.run(operation, exchange);
  }

  private static final class Headers implements Asked.Headers {
    private final HttpFields fields;
    private final List<String> names;

    Headers(HttpFields fields) {
      this.fields = fields;
      Set<String> lower = new LinkedHashSet<>();
      for (HttpField field : fields) {
        lower.add(field.getName().toLowerCase(Locale.ROOT));
      }
      this.names = List.copyOf(lower);
    }

    @Override
    public List<String> values(String name) {
      return fields.getValuesList(name);
    }

    @Override
    public Optional<String> first(String name) {
      return Optional.ofNullable(fields.get(name));
    }

    @Override
    public List<String> names() {
      return names;
    }
  }

  private static Refusal tooLarge() {
    return new Refusal(
        Code.ENTITY_TOO_LARGE,
        "Your proposed upload exceeds the maximum allowed size; `body_limit` in the server's configuration says how many bytes.");
  }

  private static Refusal translated(Wire wire, Fault fault) {
    if (wire.isTooLarge()) {
      return tooLarge();
    }
    return fault instanceof Fault.Invalid invalid && invalid.field().equals("The body")
        ? new Refusal(Code.INCOMPLETE_BODY, fault.message())
        : Answers.refusal(fault);
  }

  /// Ends a request that failed: with an error where the reply has not begun, else by breaking the
  /// connection off, so that nobody takes half a reply for a whole one.
  private static void end(
      Wire wire,
      Callback callback,
      Throwable cause,
      Refusal refusal,
      String path,
      String requestId) {
    if (wire.isBroken() || wire.isCommitted()) {
      callback.failed(new EofException(cause));
      return;
    }
    try {
      wire.reset();
      prepare(wire, requestId);
      wire.status(refusal.code().status());
      refusal
          .detail("ActualObjectSize")
          .ifPresent(size -> wire.headers().put("Content-Range", "bytes */" + size));
      boolean empty =
          wire.request().getMethod().equals("HEAD") || refusal.code() == Code.NOT_MODIFIED;
      if (empty) {
        wire.send(new byte[0]);
      } else {
        wire.headers().put(HttpHeader.CONTENT_TYPE, "application/xml");
        wire.send(Answers.document(refusal, path, requestId));
      }
      boolean waits = wire.request().getHeaders().contains(HttpHeader.EXPECT);
      if (!waits || wire.bytesRead() > 0) {
        wire.drain(DRAIN_BYTES, System.nanoTime() + DRAIN_NANOS);
      }
      callback.succeeded();
    } catch (RuntimeException e) {
      callback.failed(e);
    }
  }
}
