package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Element;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.ReadView;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Deletes objects from a branch; the commits that had them keep them.
final class Deletions {
  private static final int KEYS_MAX = 1000;

  /// A thousand keys of 1,024 bytes, each byte of them a reference of six.
  private static final int DOCUMENT_MAX = 8 << 20;

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.DELETE_OBJECT, this::delete);
    actions.put(Operation.DELETE_OBJECTS, this::deleteAll);
  }

  private void delete(Exchange exchange) {
    ObjectKey key = ObjectKey.parse(exchange.key());
    Bucket bucket = exchange.open();
    BranchName _ = bucket.writable();
    refuseVersion(exchange.query().text("versionId"));
    WriteTerms terms = WriteTerms.read(exchange, key);
    boolean there = bucket.view().flatMap(view -> ObjectView.find(view, key)).isPresent();
    if (there || terms.condition().isPresent()) {
      try (FileWriter writer = bucket.writer(exchange.call())) {
        remove(writer, key);
        terms.condition().ifPresent(writer::onlyIf);
        Commit commit = terms.run(writer::commit);
        exchange.header("x-amz-version-id", commit.name().id().value());
        exchange.header("x-amz-delete-marker", "true");
      }
    }
    exchange.replyNothing(204);
  }

  private static void remove(FileWriter writer, ObjectKey key) {
    if (key.isFolder()) {
      writer.unmark(key.path());
    } else {
      writer.remove(key.path());
    }
  }

  private static void refuseVersion(Optional<String> version) {
    if (version.filter(id -> !id.equals("null")).isPresent()) {
      throw new Refusal(
          Code.METHOD_NOT_ALLOWED,
          "A version is a commit, which keeps its files; `dassie delete commit` takes it out of history.");
    }
  }

  /// What became of one key.
  private record Outcome(String key, Optional<Refusal> refusal) {}

  /// All of it becomes visible at once.
  private void deleteAll(Exchange exchange) throws IOException {
    Bucket bucket = exchange.open();
    BranchName _ = bucket.writable();
    Element document = Element.read(new Incoming(exchange).document(DOCUMENT_MAX), "Delete");
    List<Element> objects = document.all("Object");
    if (objects.isEmpty() || objects.size() > KEYS_MAX) {
      throw new Refusal(
          Code.MALFORMED_XML,
          "The document names %d objects, expected 1 to 1,000.".formatted(objects.size()));
    }
    Optional<ReadView> view = bucket.view();
    List<Outcome> outcomes = new ArrayList<>();
    Optional<Commit> commit = Optional.empty();
    try (FileWriter writer = bucket.writer(exchange.call())) {
      boolean any = false;
      for (Element object : objects) {
        String text = object.need("Key");
        try {
          ObjectKey key = ObjectKey.parse(text);
          refuseConditions(object);
          if (view.flatMap(shown -> ObjectView.find(shown, key)).isPresent()) {
            remove(writer, key);
            any = true;
          }
          outcomes.add(new Outcome(text, Optional.empty()));
        } catch (Refusal e) {
          outcomes.add(new Outcome(text, Optional.of(e)));
        }
      }
      commit = any ? Optional.of(writer.commit()) : Optional.empty();
    }
    boolean quiet = document.get("Quiet").map(String::strip).equals(Optional.of("true"));
    exchange.reply(answer(outcomes, commit, quiet));
  }

  private static void refuseConditions(Element object) {
    refuseVersion(object.get("VersionId").filter(id -> !id.isEmpty()));
    for (String condition : List.of("ETag", "Size", "LastModifiedTime")) {
      if (object.get(condition).isPresent()) {
        throw new Refusal(Code.NOT_IMPLEMENTED, "`%s` is not served here.".formatted(condition));
      }
    }
  }

  private static Xml answer(List<Outcome> outcomes, Optional<Commit> commit, boolean quiet) {
    Xml xml = Xml.of("DeleteResult");
    for (Outcome outcome : outcomes) {
      if (outcome.refusal().isPresent()) {
        xml.open("Error")
            .add("Key", outcome.key())
            .add("Code", outcome.refusal().get().code().text())
            .add("Message", outcome.refusal().get().sentence())
            .close();
      } else if (!quiet) {
        xml.open("Deleted").add("Key", outcome.key());
        commit.ifPresent(made ->
            xml.add("DeleteMarker", true).add("DeleteMarkerVersionId", made.name().id().value()));
        xml.close();
      }
    }
    return xml;
  }
}
