package dev.dassie.server.s3.protocol;

import java.io.ByteArrayInputStream;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import javax.xml.stream.XMLInputFactory;
import javax.xml.stream.XMLStreamConstants;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamReader;

/// An element of a document that a client sent: its local name (clients differ in namespaces), its
/// text or its children. Documents have no type definitions, and no entities but those of XML
/// itself.
public final class Element {
  private static final int DEPTH_MAX = 12;
  private static final int ELEMENTS_MAX = 100_000;
  private static final XMLInputFactory FACTORY = factory();

  private final String name;
  private final StringBuilder text = new StringBuilder();
  private final List<Element> children = new ArrayList<>();

  private Element(String name) {
    this.name = name;
  }

  private static XMLInputFactory factory() {
    XMLInputFactory factory = XMLInputFactory.newDefaultFactory();
    factory.setProperty(XMLInputFactory.SUPPORT_DTD, false);
    factory.setProperty(XMLInputFactory.IS_SUPPORTING_EXTERNAL_ENTITIES, false);
    factory.setProperty(XMLInputFactory.IS_REPLACING_ENTITY_REFERENCES, true);
    factory.setXMLResolver((publicId, systemId, base, namespace) -> {
      throw new XMLStreamException("entities from outside are not read");
    });
    return factory;
  }

  /// Reads a document whose root has one of these names, else `MalformedXML`.
  public static Element read(byte[] document, String... roots) {
    try {
      XMLStreamReader reader =
          FACTORY.createXMLStreamReader(new ByteArrayInputStream(document), "UTF-8");
      Element root = read(reader);
      if (!List.of(roots).contains(root.name)) {
        throw malformed("its root is `%s`, expected `%s`".formatted(root.name, roots[0]));
      }
      return root;
    } catch (XMLStreamException | RuntimeException e) {
      if (e instanceof Refusal refusal) {
        throw refusal;
      }
      throw malformed("it is no well-formed document");
    }
  }

  private static Element read(XMLStreamReader reader) throws XMLStreamException {
    Deque<Element> open = new ArrayDeque<>();
    int count = 0;
    while (reader.hasNext()) {
      switch (reader.next()) {
        case XMLStreamConstants.START_ELEMENT -> {
          Element element = new Element(reader.getLocalName());
          if (++count > ELEMENTS_MAX || open.size() >= DEPTH_MAX) {
            throw malformed("it has too many elements");
          }
          if (!open.isEmpty()) {
            open.getFirst().children.add(element);
          }
          open.push(element);
        }
        case XMLStreamConstants.END_ELEMENT -> {
          Element ended = open.pop();
          if (open.isEmpty()) {
            rest(reader);
            return ended;
          }
        }
        case XMLStreamConstants.CHARACTERS, XMLStreamConstants.CDATA, XMLStreamConstants.SPACE -> {
          if (!open.isEmpty()) {
            open.getFirst().text.append(reader.getText());
          }
        }
        case XMLStreamConstants.DTD, XMLStreamConstants.ENTITY_REFERENCE ->
            throw malformed("it has a type definition or an entity");
        default -> {}
      }
    }
    throw malformed("it ends early");
  }

  /// What follows the root must be well-formed too.
  private static void rest(XMLStreamReader reader) throws XMLStreamException {
    while (reader.hasNext()) {
      int _ = reader.next();
    }
  }

  private static Refusal malformed(String why) {
    return new Refusal(
        Code.MALFORMED_XML,
        "The body is not the document that this call takes: %s.".formatted(why));
  }

  public String name() {
    return name;
  }

  /// The text right in it, as it stands.
  public String text() {
    return text.toString();
  }

  /// The children of a name, in their order.
  public List<Element> all(String child) {
    return children.stream().filter(one -> one.name.equals(child)).toList();
  }

  /// The text of the child of a name.
  public Optional<String> get(String child) {
    return children.stream().filter(one -> one.name.equals(child)).findFirst().map(Element::text);
  }

  /// The text of a child that must be there.
  public String need(String child) {
    return get(child)
        .orElseThrow(() -> malformed("`%s` is missing in `%s`".formatted(child, name)));
  }
}
