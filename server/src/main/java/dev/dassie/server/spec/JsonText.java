package dev.dassie.server.spec;

import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.StreamReadConstraints;
import tools.jackson.core.TokenStreamLocation;
import tools.jackson.core.json.JsonFactory;

/// Reads JSON texts, also several one after another, to nodes with places.
final class JsonText {
  private static final JsonFactory FACTORY =
      JsonFactory.builder()
          .streamReadConstraints(
              StreamReadConstraints.builder()
                  .maxNestingDepth(Document.MAX_DEPTH)
                  .maxStringLength(Document.MAX_LENGTH)
                  .build())
          .build();

  private final JsonParser parser;
  private long values;

  private JsonText(JsonParser parser) {
    this.parser = parser;
  }

  static List<Node> read(String text) {
    try (JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      JsonText reader = new JsonText(parser);
      List<Node> roots = new ArrayList<>();
      while (parser.nextToken() != null) {
        roots.add(reader.value());
      }
      return roots;
    } catch (JacksonException e) {
      TokenStreamLocation at = e.getLocation();
      throw Document.problem(
          at == null ? 0 : at.getLineNr(),
          at == null ? 0 : at.getColumnNr(),
          "This is not JSON: " + sentence(e.getOriginalMessage()));
    }
  }

  private Node value() {
    if (++values > Document.MAX_VALUES) {
      throw Document.problem(0, 0, "The file has more than 200,000 values.");
    }
    return switch (parser.currentToken()) {
      case START_OBJECT -> fields();
      case START_ARRAY -> items();
      case VALUE_STRING -> new Node.Scalar(place(), parser.getString(), false);
      default -> new Node.Scalar(place(), parser.getString(), true);
    };
  }

  private Node fields() {
    Node.Place begin = place();
    List<Node.Field> fields = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_OBJECT) {
      Node.Place name = place();
      String text = parser.currentName();
      parser.nextToken();
      fields.add(new Node.Field(name, text, value()));
    }
    return new Node.Fields(to(begin), fields);
  }

  private Node items() {
    Node.Place begin = place();
    List<Node> items = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      items.add(value());
    }
    return new Node.Items(to(begin), items);
  }

  private Node.Place place() {
    TokenStreamLocation at = parser.currentTokenLocation();
    int start = (int) at.getCharOffset();
    return new Node.Place(at.getLineNr(), at.getColumnNr(), start, start);
  }

  /// Behind the bracket that the parser stands at.
  private Node.Place to(Node.Place begin) {
    int end = (int) parser.currentTokenLocation().getCharOffset() + 1;
    return new Node.Place(begin.line(), begin.column(), begin.start(), end);
  }

  private static String sentence(String message) {
    String first = message.lines().findFirst().orElse("it cannot be read");
    int clutter = first.indexOf(" (start marker");
    String text = clutter < 0 ? first : first.substring(0, clutter);
    return text.endsWith(".") ? text : text + ".";
  }
}
