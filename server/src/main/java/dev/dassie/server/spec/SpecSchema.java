package dev.dassie.server.spec;

import java.util.List;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// The JSON Schema of a pipeline spec (draft 2020-12), for editors and for checks without a server.
/// It comes from the same table as the checks, which say more: a schema cannot tell globs.
public final class SpecSchema {
  private static final JsonNodeFactory JSON = JsonNodeFactory.instance;

  private SpecSchema() {}

  public static ObjectNode document() {
    ObjectNode json = JSON.objectNode();
    json.put("$schema", "https://json-schema.org/draft/2020-12/schema");
    json.put("title", "Dassie pipeline spec");
    ArrayNode forms = json.putArray("oneOf");
    forms.add(ref("spec"));
    forms.addObject().put("type", "array").set("items", ref("spec"));
    ObjectNode definitions = json.putObject("$defs");
    ObjectNode spec = object(SpecFields.root());
    spec.putArray("required").add("pipeline").add("transform");
    ArrayNode data = spec.putArray("anyOf");
    data.addObject().putArray("required").add("input");
    data.addObject().putArray("required").add("spout");
    definitions.set("spec", spec);
    ObjectNode input = object(SpecFields.input());
    input.put("minProperties", 1);
    input.put("maxProperties", 1);
    definitions.set("input", input);
    return json;
  }

  private static ObjectNode object(List<Known> fields) {
    ObjectNode json = JSON.objectNode();
    json.put("type", "object");
    ObjectNode properties = json.putObject("properties");
    for (Known field : fields) {
      properties.set(field.name(), value(field));
      if (!field.snake().equals(field.name())) {
        properties.set(field.snake(), value(field));
      }
    }
    json.put("additionalProperties", false);
    return json;
  }

  private static ObjectNode value(Known field) {
    ObjectNode json = type(field);
    json.put(
        "description",
        switch (field.use()) {
          case USED -> field.about();
          case KEPT -> field.about() + " Kept, and not used by executor `process`.";
          case REFUSED -> "Refused. " + field.about();
        });
    return json;
  }

  private static ObjectNode type(Known field) {
    return switch (field.kind()) {
      case TEXT -> JSON.objectNode().set("type", types("string", "null"));
      case WORDS -> JSON.objectNode().set("type", types("string", "number", "boolean", "null"));
      case TEXTS -> list(JSON.objectNode().put("type", "string"));
      case WORD_LIST -> list(JSON.objectNode().set("type", types("string", "number", "boolean")));
      case WORD_MAP ->
          JSON.objectNode()
              .set("type", types("object", "null"))
              .set(
                  "additionalProperties",
                  JSON.objectNode().set("type", types("string", "number", "boolean", "null")));
      case WHOLE -> whole();
      case WHOLES -> list(whole());
      case FLAG -> {
        ObjectNode json = JSON.objectNode();
        json.putArray("enum").add(true).add(false).add("true").add("false").addNull();
        yield json;
      }
      case DURATION ->
          JSON.objectNode()
              .set("type", types("string", "null"))
              .put("pattern", "^([0-9]+(\\.[0-9]+)?(h|ms|us|µs|ns|m|s))+$");
      case OBJECT -> fields(field);
      case OBJECTS -> list(fields(field));
      case ANY -> JSON.objectNode();
    };
  }

  private static ObjectNode fields(Known field) {
    List<Known> inner = field.fields().get();
    if (inner.isEmpty()) {
      return JSON.objectNode().set("type", types("object", "null"));
    }
    return inner.equals(SpecFields.input()) ? ref("input") : object(inner);
  }

  private static ObjectNode whole() {
    return JSON.objectNode()
        .set("type", types("integer", "string", "null"))
        .put("pattern", "^[-+]?[0-9]{1,10}$");
  }

  private static ObjectNode list(ObjectNode items) {
    return JSON.objectNode().set("type", types("array", "null")).set("items", items);
  }

  private static ArrayNode types(String... names) {
    ArrayNode types = JSON.arrayNode();
    for (String name : names) {
      types.add(name);
    }
    return types;
  }

  private static ObjectNode ref(String name) {
    return JSON.objectNode().put("$ref", "#/$defs/" + name);
  }
}
