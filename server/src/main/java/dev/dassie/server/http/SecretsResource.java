package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.pipeline.Secrets;
import dev.dassie.pipeline.secret.Secret;
import dev.dassie.pipeline.secret.SecretName;
import dev.dassie.server.spec.SecretManifest;
import java.io.IOException;
import java.util.List;
import tools.jackson.databind.node.ObjectNode;

/// Secrets: values go in and never come out.
final class SecretsResource {
  private static final String ALL = "/api/v1/projects/{project}/secrets";
  private static final String ONE = ALL + "/{secret}";

  private final Secrets secrets;

  SecretsResource(Secrets secrets) {
    this.secrets = secrets;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_secrets", "The secrets of a project, without their values.")
            .list("Secret", this::list),
        Route.post(ALL, "create_secret", "Makes a secret of a Kubernetes manifest, JSON or YAML.")
            .flag("update", "Makes a new version of one that is there.")
            .taking(new Route.Body("application/yaml", "", true))
            .json("Secret", this::write),
        Route.get(ONE, "get_secret", "One secret, without its values.")
            .json("Secret", exchange -> exchange.reply(json(secrets.inspect(name(exchange))))),
        Route.delete(ONE, "delete_secret", "Deletes a secret that no pipeline uses.")
            .nothing(this::delete));
  }

  private static SecretName name(Exchange exchange) {
    return new SecretName(Place.project(exchange), exchange.path("secret"));
  }

  private void list(Exchange exchange) throws IOException {
    String project = Place.project(exchange);
    exchange.replyPages(
        (cursor, limit) -> secrets.list(project, cursor, limit), SecretsResource::json);
  }

  private void write(Exchange exchange) throws IOException {
    SecretManifest manifest = SecretManifest.read(exchange.document());
    SecretName name = new SecretName(Place.project(exchange), manifest.name());
    exchange.reply(
        json(
            secrets.write(
                exchange.call(),
                name,
                manifest.type(),
                manifest.values(),
                exchange.flag("update"))));
  }

  private void delete(Exchange exchange) {
    secrets.delete(exchange.call(), name(exchange));
    exchange.replyNothing();
  }

  private static ObjectNode json(Secret secret) {
    ObjectNode json =
        Json.object()
            .put("project", secret.name().project())
            .put("name", secret.name().name())
            .put("version", secret.version())
            .put("type", secret.type());
    json.set("keys", JobJson.texts(secret.keys()));
    return json.put("created", secret.created().toString())
        .put("updated", secret.updated().toString())
        .put("author", secret.author());
  }
}
