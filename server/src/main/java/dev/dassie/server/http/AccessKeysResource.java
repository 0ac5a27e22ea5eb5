package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.pipeline.AccessKeys;
import dev.dassie.pipeline.secret.AccessKey;
import dev.dassie.pipeline.secret.AccessKeyStore;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// The keys that sign requests of the S3 API: a secret is told when its key is made, and never
/// again.
final class AccessKeysResource {
  private static final String ALL = "/api/v1/access-keys";

  private final AccessKeys keys;

  AccessKeysResource(AccessKeys keys) {
    this.keys = keys;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_access_keys", "The access keys of the S3 API, without their secrets.")
            .list("AccessKey", this::list),
        Route.post(ALL, "create_access_key", "Makes an access key; the reply tells its secret.")
            .created("NewAccessKey", this::create),
        Route.delete(ALL + "/{key}", "delete_access_key", "Deletes an access key.")
            .nothing(this::delete));
  }

  private void list(Exchange exchange) throws IOException {
    exchange.replyPages(keys::list, AccessKeysResource::json);
  }

  private void create(Exchange exchange) {
    AccessKeyStore.Opened made = keys.create(exchange.call());
    exchange.header("Cache-Control", "no-store");
    exchange.reply(json(made.key()).put("secret", made.secret()));
  }

  private void delete(Exchange exchange) {
    keys.delete(exchange.call(), exchange.path("key"));
    exchange.replyNothing();
  }

  private static ObjectNode json(AccessKey key) {
    return Json.object()
        .put("id", key.id())
        .put("author", key.author())
        .put("created", key.created().toString());
  }
}
