package dev.dassie.server.spec;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Parse;
import org.snakeyaml.engine.v2.common.Anchor;
import org.snakeyaml.engine.v2.events.AliasEvent;
import org.snakeyaml.engine.v2.events.Event;
import org.snakeyaml.engine.v2.events.MappingStartEvent;
import org.snakeyaml.engine.v2.events.ScalarEvent;
import org.snakeyaml.engine.v2.events.SequenceStartEvent;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;

/// Reads a YAML 1.2 stream to nodes with places. Aliases show what their anchor names; tags are not
/// taken.
final class YamlText {
  private final String text;
  private final Iterator<Event> events;
  private final Map<Anchor, Node> anchors = new HashMap<>();
  private long values;
  private int lastIndex;
  private int lastOffset;

  private YamlText(String text) {
    this.text = text;
    LoadSettings settings =
        LoadSettings.builder().setLabel("spec").setCodePointLimit(Document.MAX_LENGTH).build();
    this.events = new Parse(settings).parseString(text).iterator();
  }

  /// The root of each document. Tabs between values are spaces where the text is flow style, as in
  /// JSON.
  static List<Node> read(String text) {
    String start = text.stripLeading();
    boolean flow = start.startsWith("{") || start.startsWith("[");
    try {
      return new YamlText(flow ? text.replace('\t', ' ') : text).documents();
    } catch (MarkedYamlEngineException e) {
      Optional<Mark> mark = e.getProblemMark().or(e::getContextMark);
      throw Document.problem(
          mark.map(Mark::getLine).orElse(-1) + 1,
          mark.map(Mark::getColumn).orElse(-1) + 1,
          "This is not YAML: " + sentence(Optional.ofNullable(e.getProblem())));
    } catch (YamlEngineException e) {
      throw Document.problem(
          0, 0, "This is not YAML: " + sentence(Optional.ofNullable(e.getMessage())));
    }
  }

  private List<Node> documents() {
    List<Node> roots = new ArrayList<>();
    while (events.hasNext()) {
      Event event = events.next();
      switch (event.getEventId()) {
        case DocumentStart -> anchors.clear();
        case StreamStart, StreamEnd, DocumentEnd, Comment -> {}
        default -> roots.add(node(event, 0));
      }
    }
    return roots;
  }

  private Node node(Event event, int depth) {
    Node.Place place = place(event);
    if (depth > Document.MAX_DEPTH) {
      throw Document.problem(
          place.line(), place.column(), "Lists and mappings nest deeper than 64 levels.");
    }
    Node node =
        switch (event) {
          case ScalarEvent scalar -> scalar(scalar, place);
          case AliasEvent alias -> alias(alias, place);
          case SequenceStartEvent list -> anchored(list.getAnchor(), items(place, depth));
          case MappingStartEvent map -> anchored(map.getAnchor(), fields(place, depth));
          default -> throw new IllegalStateException("no value begins with " + event);
        };
    values += event instanceof AliasEvent ? node.weight() : 1;
    if (values > Document.MAX_VALUES) {
      throw Document.problem(
          place.line(), place.column(), "The file has more than 200,000 values.");
    }
    return node;
  }

  private Node scalar(ScalarEvent scalar, Node.Place place) {
    boolean bare = scalar.isPlain() && scalar.getTag().isEmpty();
    return anchored(scalar.getAnchor(), new Node.Scalar(place, scalar.getValue(), bare));
  }

  private Node alias(AliasEvent alias, Node.Place place) {
    Node known = anchors.get(alias.getAlias());
    if (known == null) {
      throw Document.problem(
          place.line(),
          place.column(),
          "No anchor before it is named `%s`.".formatted(alias.getAlias().getValue()));
    }
    return known;
  }

  private Node items(Node.Place begin, int depth) {
    List<Node> items = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.SequenceEnd) {
      items.add(node(event, depth + 1));
      event = events.next();
    }
    return new Node.Items(to(begin, event), items);
  }

  private Node fields(Node.Place begin, int depth) {
    List<Node.Field> fields = new ArrayList<>();
    Event event = events.next();
    while (event.getEventId() != Event.ID.MappingEnd) {
      Node.Place at = place(event);
      if (!(node(event, depth + 1) instanceof Node.Scalar name)) {
        throw Document.problem(at.line(), at.column(), "The name of a field must be plain text.");
      }
      Node value = node(events.next(), depth + 1);
      if (name.bare() && name.text().equals("<<")) {
        throw Document.problem(
            at.line(), at.column(), "Merge keys (`<<`) are not part of YAML 1.2.");
      }
      fields.add(new Node.Field(at, name.text(), value));
      event = events.next();
    }
    return new Node.Fields(to(begin, event), fields);
  }

  private Node anchored(Optional<Anchor> anchor, Node node) {
    anchor.ifPresent(name -> anchors.put(name, node));
    return node;
  }

  private Node.Place place(Event event) {
    Optional<Mark> mark = event.getStartMark();
    int start = mark.map(this::offset).orElse(0);
    return new Node.Place(
        mark.map(Mark::getLine).orElse(-1) + 1,
        mark.map(Mark::getColumn).orElse(-1) + 1,
        start,
        start);
  }

  private Node.Place to(Node.Place begin, Event end) {
    int offset = end.getEndMark().map(this::offset).orElse(begin.end());
    return new Node.Place(begin.line(), begin.column(), begin.start(), offset);
  }

  /// Marks count code points, a `String` counts UTF-16 units. Marks come nearly in order, so each
  /// is counted on from the one before.
  private int offset(Mark mark) {
    lastOffset = text.offsetByCodePoints(lastOffset, mark.getIndex() - lastIndex);
    lastIndex = mark.getIndex();
    return lastOffset;
  }

  private static String sentence(Optional<String> message) {
    String first = message.flatMap(all -> all.lines().findFirst()).orElse("it cannot be read");
    return first.endsWith(".") ? first : first + ".";
  }
}
