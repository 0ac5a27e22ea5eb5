package dev.dassie.server.s3;

import dev.dassie.Dassie;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.sign.AccessKeys;
import java.io.IOException;
import java.time.InstantSource;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds the operation of a request and runs it. Thread-safe.
public final class Operations {
  private final Map<Operation, Action> actions = new EnumMap<>(Operation.class);
  private final Reach whole;

  /// What an operation does.
  interface Action {
    void run(Exchange exchange) throws IOException;
  }

  public Operations(Dassie dassie) {
    InstantSource clock = dassie.versions().clock();
    this.whole = new Reach.Whole(dassie);
    new Buckets(dassie.versions()).addTo(actions);
    new Probes().addTo(actions);
    new Listings().addTo(actions);
    new VersionListing().addTo(actions);
    new ObjectReads().addTo(actions);
    new ObjectWrites(clock).addTo(actions);
    new Copies(clock).addTo(actions);
    new Deletions().addTo(actions);
    new Multipart().addTo(actions);
    new UploadLists().addTo(actions);
    for (Operation operation : Operation.values()) {
      if (!actions.containsKey(operation)) {
        throw new IllegalStateException(operation + " does nothing");
      }
    }
  }

  /// Which buckets a key may name.
  Reach reach(AccessKeys.AccessKey key) {
    return key.grant().<Reach>map(Reach.OfJob::new).orElse(whole);
  }

  /// What a request asks for, or `NotImplemented` and its kin.
  static Operation named(Exchange exchange, String method) {
    Operation.Level level = Operation.levelOf(exchange.target());
    Optional<String> named = Operation.subResource(level, exchange.query());
    boolean copies = exchange.header("x-amz-copy-source").isPresent();
    List<Operation> there = Operation.at(level, named.orElse(""), copies);
    if (there.isEmpty()) {
      throw new Refusal(
              Code.NOT_IMPLEMENTED,
              "The sub-resource `%s` is not served here; `docs/s3.md` lists what is."
                  .formatted(Refusal.shortened(named.orElse(""))))
          .with("ResourceType", level.name());
    }
    return there.stream()
        .filter(one -> one.takes(method))
        .findFirst()
        .orElseThrow(() ->
            new Refusal(
                    Code.METHOD_NOT_ALLOWED,
                    "The specified method is not allowed against this resource.")
                .with("Method", Refusal.shortened(method))
                .with("ResourceType", level.name()));
  }

  void run(Operation operation, Exchange exchange) throws IOException {
    Action action = actions.get(operation);
    if (action == null) {
      throw new IllegalStateException(operation.title());
    }
    action.run(exchange);
  }
}
