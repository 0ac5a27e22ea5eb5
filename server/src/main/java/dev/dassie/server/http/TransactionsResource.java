package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.transaction.Added;
import dev.dassie.pipeline.transaction.Answer;
import dev.dassie.pipeline.transaction.Finished;
import dev.dassie.pipeline.transaction.Transaction;
import dev.dassie.pipeline.transaction.Transactions;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.Reply;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.NullNode;
import tools.jackson.databind.node.ObjectNode;

/// Transactions over several repos.
final class TransactionsResource {
  private static final String ALL = "/api/v1/transactions";
  private static final String ONE = ALL + "/{transaction}";

  private final Versions versions;
  private final Pipelines pipelines;
  private final Transactions transactions;
  private final PipelineDrafts drafts;
  private final VersionJson json;

  TransactionsResource(
      Versions versions, Pipelines pipelines, Transactions transactions, Uploads uploads) {
    this.versions = versions;
    this.pipelines = pipelines;
    this.transactions = transactions;
    this.drafts = new PipelineDrafts(uploads);
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_transactions", "The transactions that are not finished, by age.")
            .list("Transaction", this::list),
        Route.post(ALL, "start_transaction", "Starts a transaction; its commits will have its id.")
            .created(
                "Transaction",
                exchange -> exchange.reply(json(transactions.start(exchange.call())))),
        Route.get(ONE, "get_transaction", "A transaction that is not finished, with its steps.")
            .json("Transaction", this::get),
        Route.delete(ONE, "delete_transaction", "Drops a transaction; nothing of it happens.")
            .nothing(this::delete),
        Route.post(ONE + "/steps", "add_step", "Adds a step, once it was found possible.")
            .taking(Route.Body.json("NewStep"))
            .created("AddedStep", this::add),
        Route.post(ONE + "/finish", "finish_transaction", "Does all steps at once, or none.")
            .json("FinishedTransaction", this::finish));
  }

  private static CommitId id(Exchange exchange) {
    return StepJson.id(exchange.path("transaction"));
  }

  private void list(Exchange exchange) throws IOException {
    exchange.replyAll(transactions.list(), one -> one.id().value(), TransactionsResource::json);
  }

  private void get(Exchange exchange) {
    Transactions.Whole whole = transactions.inspect(id(exchange));
    ObjectNode document = json(whole.transaction());
    ArrayNode steps = document.putArray("added");
    whole.steps().forEach(step -> steps.add(json(step)));
    exchange.reply(document);
  }

  private void delete(Exchange exchange) {
    transactions.delete(exchange.call(), id(exchange));
    exchange.replyNothing();
  }

  private void add(Exchange exchange) throws IOException {
    CommitId id = id(exchange);
    Fields body = exchange.json();
    String kind = body.required("kind");
    Call call = exchange.call();
    Function<Transactions.Rehearsed, String> answer =
        rehearsed -> Json.compact(answer(id, rehearsed));
    boolean update = kind.equals(StepJson.UPDATE_PIPELINES);
    String reply;
    if (update || kind.equals(StepJson.CREATE_PIPELINES)) {
      body.only("kind", "project", "spec", "format", "sources", "reprocess");
      boolean reprocess = body.flag("reprocess");
      if (reprocess && !update) {
        throw new Fault.Invalid("The field `reprocess`", "true", "it with `update_pipelines` alone")
            .asException();
      }
      String project = body.text("project").orElse(dev.dassie.version.RepoName.DEFAULT_PROJECT);
      reply =
          transactions.addPipelines(
              call,
              id,
              () -> pipelines.submit(drafts.read(body, project), update, reprocess),
              Reply.TEXT,
              answer);
    } else {
      reply = transactions.add(call, id, StepJson.read(body), Reply.TEXT, answer);
    }
    exchange.reply(Json.parse(reply));
  }

  private ObjectNode answer(CommitId id, Transactions.Rehearsed rehearsed) {
    ObjectNode document = json(rehearsed.added()).put("transaction", id.value());
    document.set("answer", answer(rehearsed.answer()));
    return document;
  }

  /// What the same call outside a transaction answers; of pipelines their names and versions.
  private JsonNode answer(Answer answer) {
    return switch (answer) {
      case Answer.OfProject it -> VersionJson.project(it.project());
      case Answer.OfRepo it -> json.repo(it.repo());
      case Answer.OfRef it -> VersionJson.ref(it.ref());
      case Answer.OfCommit it -> json.commit(it.commit());
      case Answer.OfPipelines it -> pipelines(it.pipelines());
      case Answer.Nothing _ -> NullNode.getInstance();
    };
  }

  private static ObjectNode pipelines(List<Pipeline> made) {
    ObjectNode document = Json.object();
    ArrayNode items = document.putArray("items");
    for (Pipeline pipeline : made) {
      items
          .addObject()
          .put("project", pipeline.spec().project())
          .put("name", pipeline.spec().name())
          .put("version", pipeline.version())
          .set("unused", JobJson.texts(pipeline.spec().unused()));
    }
    return document;
  }

  private void finish(Exchange exchange) {
    Finished finished = transactions.finish(exchange.call(), id(exchange));
    ObjectNode document =
        Json.object()
            .put("id", finished.id().value())
            .put("steps", finished.steps())
            .put("finished", finished.at().toString());
    ArrayNode commits = document.putArray("commits");
    for (Commit commit : versions.set(finished.id())) {
      commits.add(
          VersionJson.name(commit.name().repo())
              .put("branch", commit.branch())
              .put("id", commit.name().id().value()));
    }
    exchange.reply(document);
  }

  private static ObjectNode json(Transaction transaction) {
    return Json.object()
        .put("id", transaction.id().value())
        .put("author", transaction.author())
        .put("message", transaction.message())
        .put("started", transaction.started().toString())
        .put("changed", transaction.changed().toString())
        .put("expires", transaction.changed().plus(Transactions.KEPT).toString())
        .put("steps", transaction.steps());
  }

  private static ObjectNode json(Added added) {
    ObjectNode document =
        Json.object()
            .put("number", added.number())
            .put("words", added.step().words())
            .put("author", added.author())
            .put("message", added.message())
            .put("added", added.at().toString());
    document.set("step", StepJson.write(added.step()));
    return document;
  }
}
