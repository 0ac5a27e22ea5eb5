package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.Error;
import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import dev.dassie.api.Json;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.Locale;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// Checks replies against the OpenAPI document.
final class Documented {
  private Documented() {}

  /// How many documents of the reply were checked; a reply of bytes has none.
  static int check(ObjectNode document, Route route, HttpResponse<String> reply) {
    assertThat(reply.statusCode()).as(reply.uri() + ": " + reply.body()).isEqualTo(200);
    JsonNode content =
        document
            .path("paths")
            .path(route.template())
            .path(route.method().toLowerCase(Locale.ROOT))
            .path("responses")
            .path("200")
            .path("content");
    return switch (route.reply().form()) {
      case JSON, LIST ->
          one(document, content.path("application/json").path("schema"), reply.body());
      case LINES -> {
        int checked = 0;
        for (String line : reply.body().lines().filter(text -> !text.isBlank()).toList()) {
          checked += one(document, content.path("application/x-ndjson").path("schema"), line);
        }
        yield checked;
      }
      case BYTES, TAR, TEXT, PAGE, NOTHING -> 0;
    };
  }

  private static int one(ObjectNode document, JsonNode schema, String body) {
    assertThat(errors(document, schema, body)).as(body).isEmpty();
    return 1;
  }

  static List<Error> errors(ObjectNode document, JsonNode schema, String body) {
    // The schema with all that it may refer to, as one document of its own.
    ObjectNode whole = Json.object();
    whole.set("$defs", document.path("components").path("schemas"));
    whole.setAll((ObjectNode) schema);
    Schema compiled =
        SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
            .getSchema(
                Json.compact(whole).replace("#/components/schemas/", "#/$defs/"), InputFormat.JSON);
    return compiled.validate(body, InputFormat.JSON);
  }
}
