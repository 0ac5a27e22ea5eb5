package dev.dassie.server.spec;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.secret.SecretValues;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// A secret as Kubernetes writes it, in JSON or YAML: `kind: Secret`, `metadata.name`, `data` in
/// base64 or `stringData` as it is. No refusal ever shows a value.
///
/// @param type `Opaque` unless it is given
public record SecretManifest(String name, String type, SecretValues values) {
  private static final String DOCUMENT = "The secret";
  private static final String FORM =
      "Write `apiVersion: v1`, `kind: Secret`, `metadata: {name: …}` and `stringData: {key: value}`.";

  /// Fields that may stand there; what is not read says nothing here.
  private static final List<String> KNOWN =
      List.of(
          "apiVersion", "kind", "metadata", "type", "data", "stringData", "immutable", "status");

  /// Reads one secret.
  public static SecretManifest read(String text) {
    Node.Fields root = root(text);
    for (Node.Field field : root.values()) {
      if (!KNOWN.contains(field.name())) {
        throw problem(
            field.place(), "`%s` is not a field of a secret.".formatted(Said.value(field.name())));
      }
    }
    String kind = text(root, "kind").orElse("");
    if (!kind.equals("Secret")) {
      throw problem(root.place(), "`kind` is `%s`, expected `Secret`.".formatted(Said.value(kind)));
    }
    Optional<String> name =
        field(root, "metadata")
            .filter(Node.Fields.class::isInstance)
            .map(Node.Fields.class::cast)
            .flatMap(metadata -> text(metadata, "name"));
    if (name.isEmpty() || name.get().isEmpty()) {
      throw problem(root.place(), "`metadata.name` is missing, expected the name of the secret.");
    }
    Map<String, byte[]> values = new TreeMap<>();
    values(root, "data").forEach((key, scalar) -> values.put(key, decoded(key, scalar)));
    values(root, "stringData")
        .forEach((key, scalar) -> values.put(key, scalar.text().getBytes(StandardCharsets.UTF_8)));
    if (values.isEmpty()) {
      throw problem(root.place(), "The secret has no values: `data` and `stringData` are empty.");
    }
    String type = text(root, "type").filter(some -> !some.isEmpty()).orElse("Opaque");
    return new SecretManifest(name.get(), type, new SecretValues(values));
  }

  private static Node.Fields root(String text) {
    List<Document> documents;
    try {
      documents = Document.readAll(text);
    } catch (DassieException e) {
      // What the parser says may quote the text.
      throw problem(place(e), "This is not JSON or YAML.");
    }
    Node first = documents.getFirst().root();
    if (documents.size() != 1) {
      throw problem(
          first.place(),
          "The file holds %d documents, expected one secret.".formatted(documents.size()));
    }
    if (first instanceof Node.Fields fields) {
      return fields;
    }
    throw problem(first.place(), "The document is not a mapping.");
  }

  private static Node.Place place(DassieException e) {
    if (e.fault() instanceof Fault.InvalidDocument document && !document.problems().isEmpty()) {
      Fault.InvalidDocument.Problem first = document.problems().getFirst();
      return new Node.Place(first.line(), first.column(), 0, 0);
    }
    return new Node.Place(0, 0, 0, 0);
  }

  private static Map<String, Node.Scalar> values(Node.Fields root, String name) {
    Map<String, Node.Scalar> values = new TreeMap<>();
    Optional<Node> node = field(root, name);
    if (node.isEmpty() || (node.get() instanceof Node.Scalar scalar && scalar.isNull())) {
      return values;
    }
    if (!(node.get() instanceof Node.Fields fields)) {
      throw problem(node.get().place(), "`%s` is not a mapping of keys to texts.".formatted(name));
    }
    for (Node.Field field : fields.values()) {
      String full = name + "." + Said.value(field.name());
      if (!(field.value() instanceof Node.Scalar scalar) || scalar.isNull()) {
        throw problem(field.value().place(), "`%s` is not text.".formatted(full));
      }
      if (values.put(field.name(), scalar) != null) {
        throw problem(field.place(), "`%s` stands twice.".formatted(full));
      }
    }
    return values;
  }

  private static byte[] decoded(String key, Node.Scalar scalar) {
    try {
      return Base64.getDecoder().decode(scalar.text().replaceAll("\\s", ""));
    } catch (IllegalArgumentException e) {
      throw problem(
          scalar.place(),
          "`data.%s` is not in base64; a value as it is belongs to `stringData`."
              .formatted(Said.value(key)));
    }
  }

  private static Optional<Node> field(Node.Fields from, String name) {
    return from.values().stream()
        .filter(field -> field.name().equals(name))
        .map(Node.Field::value)
        .findFirst();
  }

  private static Optional<String> text(Node.Fields from, String name) {
    return field(from, name)
        .filter(Node.Scalar.class::isInstance)
        .map(node -> ((Node.Scalar) node).text());
  }

  private static DassieException problem(Node.Place place, String message) {
    return new Fault.InvalidDocument(
            DOCUMENT,
            List.of(
                new Fault.InvalidDocument.Problem(
                    place.line(), place.column(), message, Optional.of(FORM))))
        .asException();
  }
}
