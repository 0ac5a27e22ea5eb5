package dev.dassie.server.http;

import dev.dassie.api.Json;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The OpenAPI 3.1 document: the paths come from the routes, the schemas from `schemas.json`.
final class OpenApi {
  private static final Pattern PARAMETER = Pattern.compile("\\{([a-z_]+)}");

  private OpenApi() {}

  static ObjectNode document(About about, List<Route> routes) {
    ObjectNode document = Json.object().put("openapi", "3.1.0");
    document
        .putObject("info")
        .put("title", "Dassie")
        .put("version", about.version())
        .put(
            "description",
            "Version control for data, and pipelines that recompute only what changed. Lists are"
                + " paged, or streamed whole where the client accepts application/x-ndjson. Writing"
                + " calls may carry Idempotency-Key: a repeat answers as the first and changes"
                + " nothing. In queries + stands for a space.");
    ObjectNode paths = document.putObject("paths");
    for (Route route : routes.stream().filter(one -> !one.isPage()).toList()) {
      paths
          .withObjectProperty(route.template())
          .set(route.method().toLowerCase(java.util.Locale.ROOT), operation(route));
    }
    document.putObject("components").set("schemas", schemas());
    return document;
  }

  private static JsonNode schemas() {
    try (InputStream text =
        Objects.requireNonNull(OpenApi.class.getResourceAsStream("schemas.json"))) {
      return Json.parse(text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static ObjectNode operation(Route route) {
    ObjectNode operation =
        Json.object().put("operationId", route.name()).put("summary", route.summary());
    ArrayNode parameters = operation.putArray("parameters");
    for (MatchResult match : PARAMETER.matcher(route.template()).results().toList()) {
      parameters
          .addObject()
          .put("name", match.group(1))
          .put("in", "path")
          .put("required", true)
          .putObject("schema")
          .put("type", "string");
    }
    for (Route.Parameter query : route.query()) {
      ObjectNode parameter =
          parameters
              .addObject()
              .put("name", query.name())
              .put("in", "query")
              .put("description", query.description());
      parameter.putObject("schema").put("type", type(query.schema()));
    }
    if (!route.method().equals("GET")) {
      header(parameters, "Idempotency-Key", "A repeat under the key answers as the first.");
      header(parameters, "Dassie-Message", "What it is for, percent-encoded.");
      header(parameters, "Dassie-Principal", "Who asks: `local:` and a user name, as claimed.");
    }
    if (!route.body().isNone()) {
      ObjectNode body = operation.putObject("requestBody").put("required", route.body().required());
      content(body, route.body().mediaType(), route.body().schema());
    }
    ObjectNode responses = operation.putObject("responses");
    reply(responses.putObject(Integer.toString(route.reply().status())), route.reply());
    content(
        responses.putObject("default").put("description", "A refusal."),
        Problems.MEDIA_TYPE,
        "Problem");
    return operation;
  }

  private static void header(ArrayNode parameters, String name, String description) {
    parameters
        .addObject()
        .put("name", name)
        .put("in", "header")
        .put("description", description)
        .putObject("schema")
        .put("type", "string");
  }

  private static String type(Route.Type type) {
    return switch (type) {
      case TEXT -> "string";
      case NUMBER -> "integer";
      case FLAG -> "boolean";
    };
  }

  private static void reply(ObjectNode response, Route.Reply reply) {
    response.put("description", "Done.");
    switch (reply.form()) {
      case JSON -> content(response, Exchange.JSON, reply.schema());
      case LIST -> {
        content(response, Exchange.JSON, "");
        ObjectNode schema =
            response
                .withObjectProperty("content")
                .withObjectProperty(Exchange.JSON)
                .putObject("schema")
                .put("type", "object");
        schema.putArray("required").add("items").add("next");
        ObjectNode properties = schema.putObject("properties");
        properties
            .putObject("items")
            .put("type", "array")
            .putObject("items")
            .put("$ref", ref(reply.schema()));
        properties.putObject("next").putArray("type").add("string").add("null");
        content(response, Exchange.NDJSON, reply.schema());
      }
      case LINES -> content(response, Exchange.NDJSON, reply.schema());
      case BYTES -> content(response, "application/octet-stream", "");
      case TAR -> content(response, "application/x-tar", "");
      case TEXT -> content(response, "text/plain", "");
      case PAGE, NOTHING -> {
        // A reply without a body has nothing to describe.
      }
    }
  }

  private static void content(ObjectNode holder, String mediaType, String schema) {
    ObjectNode media = holder.withObjectProperty("content").putObject(mediaType);
    if (!schema.isEmpty()) {
      media.putObject("schema").put("$ref", ref(schema));
    }
  }

  private static String ref(String schema) {
    return "#/components/schemas/" + schema;
  }
}
