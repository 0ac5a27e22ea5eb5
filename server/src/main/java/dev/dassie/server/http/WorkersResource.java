package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.content.Whereabouts;
import dev.dassie.fault.Fault;
import dev.dassie.job.worker.Dispatcher;
import dev.dassie.job.worker.Joining;
import dev.dassie.job.worker.Results;
import dev.dassie.job.worker.Terms;
import dev.dassie.job.worker.Work;
import dev.dassie.job.worker.WorkerView;
import dev.dassie.job.worker.Workers;
import dev.dassie.server.access.WorkerTokens;
import java.io.IOException;
import java.io.OutputStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The calls of workers: they join, take work, say that they are there, and report. What they take
/// and report is in the records of [Work] and [Results], for programs of one build.
public final class WorkersResource {
  private static final String ALL = "/api/v1/workers";
  private static final String ONE = ALL + "/{worker}";
  private static final String BYTES = "application/octet-stream";
  private static final int REPORT_MOST = 64 << 20;
  private static final int HELD_MOST = 4_096;

  private final Workers workers;
  private final WorkerTokens tokens;
  private final Waits waits;
  private final Entrance entrance;

  /// What a worker must know before it joins.
  ///
  /// @param server what the server says of itself
  /// @param store where the objects are: a folder, or the URL of an S3 store without its keys
  public record Entrance(Joining server, String store) {}

  public WorkersResource(Workers workers, WorkerTokens tokens, Waits waits, Entrance entrance) {
    this.workers = workers;
    this.tokens = tokens;
    this.waits = waits;
    this.entrance = entrance;
  }

  public List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_workers", "The workers that take part, with what they have.")
            .list("Worker", this::list),
        Route.get("/api/v1/worker-terms", "get_worker_terms", "What a worker must be like.")
            .json("WorkerTerms", this::terms),
        Route.post(ALL, "join_worker", "Takes a worker in.")
            .taking(Route.Body.json("WorkerJoining"))
            .created("WorkerJoined", this::join),
        Route.post(ONE + "/claim", "claim_work", "Work for one slot; nothing where there is none.")
            .number("wait", "Seconds to wait for some, 0 to 60; 20 unless given.")
            .bytes(Route.Form.BYTES, this::claim),
        Route.post(ONE + "/beat", "beat_worker", "Says that a worker is there.")
            .taking(Route.Body.json("WorkerBeat"))
            .json("WorkerNews", this::beat),
        Route.post(ONE + "/leases/{lease}/report", "report_work", "Takes the results of datums.")
            .taking(Route.Body.BYTES)
            .json("WorkerAnswer", this::report),
        Route.post(ONE + "/chunks", "find_chunks", "In which packs chunks are.")
            .taking(Route.Body.BYTES)
            .bytes(Route.Form.BYTES, this::chunks),
        Route.delete(ONE, "leave_worker", "Lets a worker go; what it has goes to others.")
            .nothing(this::leave));
  }

  private void check(Exchange exchange) {
    tokens.check(exchange.header("Authorization"));
  }

  private void list(Exchange exchange) throws IOException {
    exchange.replyAll(
        workers.list(), view -> view.joined() + " " + view.said().name(), WorkersResource::json);
  }

  private void terms(Exchange exchange) {
    check(exchange);
    Joining server = entrance.server();
    exchange.reply(
        times(
            Json.object()
                .put("build", server.build())
                .put("executor", server.executor())
                .put("sandbox", server.sandbox())
                .put("store", entrance.store())
                .put("store_id", server.store())));
  }

  private ObjectNode times(ObjectNode json) {
    Terms terms = workers.terms();
    return json.put("lease_s", terms.lease().toSeconds())
        .put("beat_s", terms.beat().toSeconds())
        .put("patience_s", terms.patience().toSeconds())
        .put("workers", terms.workers())
        .put("slots", terms.slots())
        .put("datums", Terms.DATUMS);
  }

  private void join(Exchange exchange) throws IOException {
    check(exchange);
    Fields body =
        exchange
            .json()
            .only("name", "build", "executor", "sandbox", "platform", "store_id", "slots");
    Dispatcher.Joined joined =
        workers.join(
            new Joining(
                body.required("name"),
                body.required("build"),
                body.required("executor"),
                body.required("sandbox"),
                body.required("platform"),
                body.required("store_id"),
                body.object().path("slots").asInt(0)));
    exchange.header("Cache-Control", "no-store");
    exchange.reply(times(Json.object().put("id", joined.id())));
  }

  private void claim(Exchange exchange) throws IOException, InterruptedException {
    check(exchange);
    Duration wait = Duration.ofSeconds(exchange.number("wait", 0, 60, 20));
    Optional<Work> work = waits.during(() -> workers.claim(exchange.path("worker"), wait));
    if (work.isEmpty()) {
      exchange.replyNothing();
      return;
    }
    exchange.header("Cache-Control", "no-store");
    bytes(exchange, work.get().encode());
  }

  private void beat(Exchange exchange) throws IOException, InterruptedException {
    check(exchange);
    Fields body = exchange.json().only("leases", "leaving", "wait_s");
    List<Long> held = new ArrayList<>();
    for (JsonNode lease : body.object().path("leases")) {
      held.add(lease.asLong(-1));
    }
    if (held.size() > HELD_MOST) {
      throw new Fault.Invalid(
              "`leases`", held.size() + " numbers", "at most %,d".formatted(HELD_MOST))
          .asException();
    }
    Duration wait = Duration.ofSeconds(Math.clamp(body.object().path("wait_s").asInt(0), 0, 60));
    boolean leaving = body.flag("leaving");
    List<Long> gone =
        waits.during(() -> workers.beat(exchange.path("worker"), held, leaving, wait));
    ObjectNode news = Json.object();
    ArrayNode ended = news.putArray("ended");
    gone.forEach(ended::add);
    exchange.reply(news);
  }

  private void report(Exchange exchange) throws IOException {
    check(exchange);
    String text = exchange.path("lease");
    if (!text.matches("[0-9]{1,18}")) {
      throw new Fault.Invalid("The lease", text, "a number").asException();
    }
    Results results = Results.decode(body(exchange, REPORT_MOST));
    boolean goes = workers.report(exchange.path("worker"), Long.parseLong(text), results);
    exchange.reply(Json.object().put("goes", goes));
  }

  private void chunks(Exchange exchange) throws IOException {
    check(exchange);
    Decoder in = new Decoder("The chunks", body(exchange, 64 * Whereabouts.MOST));
    List<Digest> chunks = in.list(Decoder::digest);
    Encoder out = new Encoder();
    out.list(
        workers.packs(exchange.path("worker"), chunks),
        (to, pack) -> to.optional(pack, Encoder::string));
    bytes(exchange, out.toBytes());
  }

  private void leave(Exchange exchange) {
    check(exchange);
    workers.leave(exchange.path("worker"));
    exchange.replyNothing();
  }

  private static byte[] body(Exchange exchange, int most) throws IOException {
    byte[] bytes = exchange.body().readNBytes(most + 1);
    if (bytes.length > most) {
      throw new Fault.Invalid(
              "The body", "of more than %,d bytes".formatted(most), "a report of a worker")
          .asException();
    }
    return bytes;
  }

  private static void bytes(Exchange exchange, byte[] bytes) throws IOException {
    try (OutputStream out = exchange.replyBytes(BYTES, bytes.length)) {
      out.write(bytes);
    }
  }

  /// Its id stays with the worker: who knows it speaks for it.
  private static ObjectNode json(WorkerView view) {
    ObjectNode json =
        Json.object()
            .put("name", view.said().name())
            .put("state", view.state())
            .put("slots", view.said().slots())
            .put("platform", view.said().platform())
            .put("sandbox", view.said().sandbox())
            .put("joined", view.joined().toString())
            .put("seen", view.seen().toString())
            .put("datums", view.datums())
            .put("done", view.done())
            .put("returned", view.returned());
    ArrayNode leases = json.putArray("leases");
    view.leases().forEach(leases::add);
    view.note().ifPresentOrElse(note -> json.put("note", note), () -> json.putNull("note"));
    return json;
  }
}
