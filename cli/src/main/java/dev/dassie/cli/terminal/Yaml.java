package dev.dassie.cli.terminal;

import dev.dassie.api.Json;
import java.util.Map;
import tools.jackson.databind.JsonNode;

/// JSON trees as YAML 1.2 in block style. Texts that could be read as something else are quoted as
/// JSON strings, which YAML 1.2 contains.
public final class Yaml {
  private Yaml() {}

  /// The value as a document without `---`, ending in a line feed.
  public static String document(JsonNode value) {
    StringBuilder text = new StringBuilder();
    if (value.isContainer() && !value.isEmpty()) {
      block(value, 0, text, false);
    } else {
      text.append(scalar(value)).append('\n');
    }
    return text.toString();
  }

  /// The value as one item of a block list.
  public static String item(JsonNode value) {
    StringBuilder text = new StringBuilder("- ");
    if (value.isContainer() && !value.isEmpty()) {
      block(value, 2, text, true);
    } else {
      text.append(scalar(value)).append('\n');
    }
    return text.toString();
  }

  private static void block(JsonNode value, int indent, StringBuilder text, boolean inLine) {
    boolean first = inLine;
    if (value.isObject()) {
      for (Map.Entry<String, JsonNode> property : value.properties()) {
        text.append(first ? "" : " ".repeat(indent)).append(plainOrQuoted(property.getKey()));
        text.append(':');
        first = false;
        JsonNode inner = property.getValue();
        if (inner.isContainer() && !inner.isEmpty()) {
          text.append('\n');
          block(inner, inner.isArray() ? indent : indent + 2, text, false);
        } else {
          text.append(' ').append(scalar(inner)).append('\n');
        }
      }
      return;
    }
    for (JsonNode inner : value) {
      text.append(first ? "" : " ".repeat(indent)).append("- ");
      first = false;
      if (inner.isContainer() && !inner.isEmpty()) {
        block(inner, indent + 2, text, true);
      } else {
        text.append(scalar(inner)).append('\n');
      }
    }
  }

  private static String scalar(JsonNode value) {
    return value.isString() ? plainOrQuoted(value.stringValue()) : Json.compact(value);
  }

  private static String plainOrQuoted(String text) {
    boolean plain =
        text.matches("[A-Za-z/][A-Za-z0-9_./ -]*[A-Za-z0-9_./-]|[A-Za-z]")
            && !text.matches("(?i)true|false|null|yes|no|on|off|y|n|nan|inf");
    return plain ? text : Json.compact(Json.text(text));
  }
}
