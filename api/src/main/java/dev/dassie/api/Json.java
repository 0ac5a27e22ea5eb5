package dev.dassie.api;

import java.io.IOException;
import java.io.InputStream;
import java.io.StringReader;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.io.Writer;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.PrettyPrinter;
import tools.jackson.core.json.JsonFactory;
import tools.jackson.core.util.DefaultIndenter;
import tools.jackson.core.util.DefaultPrettyPrinter;
import tools.jackson.core.util.Separators;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/// JSON text to trees and back, on Jackson's streaming layer alone: an object mapper costs a
/// command of the CLI more time than its request. All methods may be called by any thread.
public final class Json {
  private static final JsonFactory FACTORY = new JsonFactory();
  private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
  private static final ObjectWriteContext COMPACT = new ObjectWriteContext.Base();
  private static final ObjectWriteContext INDENTED = new Indented();

  private Json() {}

  /// An empty object to fill.
  public static ObjectNode object() {
    return NODES.objectNode();
  }

  /// An empty list to fill.
  public static ArrayNode array() {
    return NODES.arrayNode();
  }

  /// A text as a value.
  public static JsonNode text(String text) {
    return NODES.stringNode(text);
  }

  /// The one value that the stream holds; the stream is read to the end of that value and closed.
  ///
  /// @throws IOException when the stream breaks or its text is not JSON
  public static JsonNode parse(InputStream text) throws IOException {
    try (text;
        JsonParser parser = FACTORY.createParser(ObjectReadContext.empty(), text)) {
      return parse(parser);
    } catch (JacksonException e) {
      throw asIo(e);
    }
  }

  /// The value that the text holds.
  ///
  /// @throws IOException when the text is not JSON
  public static JsonNode parse(String text) throws IOException {
    try (JsonParser parser =
        FACTORY.createParser(ObjectReadContext.empty(), new StringReader(text))) {
      return parse(parser);
    } catch (JacksonException e) {
      throw asIo(e);
    }
  }

  /// One line, no spaces.
  public static String compact(JsonNode value) {
    return text(COMPACT, value);
  }

  /// Several lines, two spaces deep, for people and for `-o json`.
  public static String pretty(JsonNode value) {
    return text(INDENTED, value);
  }

  private static String text(ObjectWriteContext context, JsonNode value) {
    StringWriter text = new StringWriter();
    write(context, value, text);
    return text.toString();
  }

  private static void write(ObjectWriteContext context, JsonNode value, Writer to) {
    try (JsonGenerator generator = FACTORY.createGenerator(context, to)) {
      write(generator, value);
    }
  }

  private static void write(JsonGenerator to, JsonNode value) {
    if (value instanceof ObjectNode object) {
      to.writeStartObject();
      for (Map.Entry<String, JsonNode> property : object.properties()) {
        to.writeName(property.getKey());
        write(to, property.getValue());
      }
      to.writeEndObject();
    } else if (value instanceof ArrayNode list) {
      to.writeStartArray();
      for (JsonNode item : list) {
        write(to, item);
      }
      to.writeEndArray();
    } else if (value.isString()) {
      to.writeString(value.stringValue());
    } else if (value.isBoolean()) {
      to.writeBoolean(value.booleanValue());
    } else if (value.isIntegralNumber() && value.canConvertToLong()) {
      to.writeNumber(value.longValue());
    } else if (value.isIntegralNumber()) {
      to.writeNumber(value.bigIntegerValue());
    } else if (value.isNumber()) {
      to.writeNumber(value.decimalValue());
    } else {
      to.writeNull();
    }
  }

  private static JsonNode parse(JsonParser parser) throws IOException {
    @Nullable JsonToken first = parser.nextToken();
    if (first == null) {
      throw new IOException("the text is empty where JSON was expected");
    }
    return value(parser, first);
  }

  private static JsonNode value(JsonParser parser, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> {
        ObjectNode object = NODES.objectNode();
        for (JsonToken next = parser.nextToken();
            next == JsonToken.PROPERTY_NAME;
            next = parser.nextToken()) {
          String name = parser.currentName();
          object.set(name, value(parser, parser.nextToken()));
        }
        yield object;
      }
      case START_ARRAY -> {
        ArrayNode list = NODES.arrayNode();
        for (JsonToken next = parser.nextToken();
            next != JsonToken.END_ARRAY;
            next = parser.nextToken()) {
          list.add(value(parser, next));
        }
        yield list;
      }
      case VALUE_STRING -> NODES.stringNode(parser.getString());
      case VALUE_TRUE -> NODES.booleanNode(true);
      case VALUE_FALSE -> NODES.booleanNode(false);
      case VALUE_NULL -> NODES.nullNode();
      case VALUE_NUMBER_INT -> integer(parser);
      case VALUE_NUMBER_FLOAT -> NODES.numberNode(parser.getDecimalValue());
      default -> throw new IOException("the text ends within a JSON value");
    };
  }

  private static JsonNode integer(JsonParser parser) {
    return parser.getNumberType() == JsonParser.NumberType.BIG_INTEGER
        ? NODES.numberNode(parser.getBigIntegerValue())
        : NODES.numberNode(parser.getLongValue());
  }

  private static IOException asIo(JacksonException e) {
    return e.getCause() instanceof IOException io
        ? io
        : new IOException("not JSON: " + e.getOriginalMessage(), e);
  }

  /// Puts each item of a list on a line of its own, as people expect of `-o json`.
  private static final class Indented extends ObjectWriteContext.Base {
    @Override
    public PrettyPrinter getPrettyPrinter() {
      DefaultIndenter lines = new DefaultIndenter("  ", "\n");
      Separators separators =
          Separators.createDefaultInstance()
              .withObjectNameValueSpacing(Separators.Spacing.AFTER)
              .withObjectEmptySeparator("")
              .withArrayEmptySeparator("");
      return new DefaultPrettyPrinter(separators)
          .withObjectIndenter(lines)
          .withArrayIndenter(lines);
    }

    @Override
    public boolean hasPrettyPrinter() {
      return true;
    }
  }

  /// Writes the value in one line and a line feed.
  public static void line(JsonNode value, Appendable to) {
    try {
      to.append(compact(value)).append('\n');
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
