package dev.dassie.server.spec;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// One spec of a file: its values and the text that it was written as.
///
/// @param text what is kept as the spec; the whole file where it holds one spec alone
record Document(Node root, String text) {
  /// The largest file in characters.
  static final int MAX_LENGTH = 4 << 20;

  /// The most values in a file, those behind aliases counted each time.
  static final int MAX_VALUES = 200_000;

  /// How deeply lists and mappings may nest.
  static final int MAX_DEPTH = 64;

  /// Reads all documents of a file, each a spec or a list of specs. Text that is no JSON and no
  /// YAML is `Fault.InvalidDocument` with the place.
  static List<Document> readAll(String text) {
    if (text.length() > MAX_LENGTH) {
      throw problem(0, 0, "The file has more than 4 MiB.");
    }
    String trimmed = text.stripLeading();
    boolean json = trimmed.startsWith("{") || trimmed.startsWith("[");
    List<Node> roots = json ? jsonOrYaml(text) : YamlText.read(text);
    List<Node> specs = new ArrayList<>();
    for (Node root : roots) {
      switch (root) {
        case Node.Items items -> specs.addAll(items.values());
        case Node.Scalar scalar when scalar.isNull() -> {}
        default -> specs.add(root);
      }
    }
    if (specs.isEmpty()) {
      throw problem(1, 1, "The file holds no pipeline spec.");
    }
    boolean alone = specs.size() == 1 && roots.size() == 1;
    boolean cuts = json || !text.contains("&");
    return specs.stream()
        .map(spec -> new Document(spec, alone || !cuts ? text : cut(text, spec.place())))
        .toList();
  }

  /// A file that begins as JSON may also be YAML in flow style; the complaint is about JSON, which
  /// is what people mean.
  private static List<Node> jsonOrYaml(String text) {
    try {
      return JsonText.read(text);
    } catch (DassieException notJson) {
      try {
        return YamlText.read(text);
      } catch (DassieException notYaml) {
        throw notJson;
      }
    }
  }

  /// The part of a file, its first line moved to the column where it stood.
  private static String cut(String text, Node.Place place) {
    int end = Math.min(place.end(), text.length());
    return " ".repeat(Math.max(0, place.column() - 1))
        + text.substring(place.start(), end).stripTrailing()
        + "\n";
  }

  static RuntimeException problem(int line, int column, String message) {
    return new Fault.InvalidDocument(
            SpecReader.DOCUMENT,
            List.of(new Fault.InvalidDocument.Problem(line, column, message, Optional.empty())))
        .asException();
  }
}
