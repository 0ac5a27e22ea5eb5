package dev.dassie.server.s3;

import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Encoding;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import java.io.IOException;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Map;
import java.util.Optional;

/// Copies objects by reference, also across buckets: no byte moves.
final class Copies {
  static final String PREFIX = "x-amz-copy-source-";
  private static final int DOCUMENT_MAX = 64 << 10;

  private final InstantSource clock;

  Copies(InstantSource clock) {
    this.clock = clock;
  }

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.COPY_OBJECT, this::copy);
  }

  /// What a copy is made of, if it fits the conditions that came with it.
  static ObjectView source(Exchange exchange) {
    String header = exchange.header("x-amz-copy-source").orElse("");
    int question = header.indexOf("?versionId=");
    String path = Encoding.decode(question < 0 ? header : header.substring(0, question), false);
    Optional<String> version =
        question < 0
            ? Optional.empty()
            : Optional.of(Encoding.decode(header.substring(question + 11), false));
    String rest = path.startsWith("/") ? path.substring(1) : path;
    int slash = rest.indexOf('/');
    if (slash < 1 || slash == rest.length() - 1) {
      throw Refusal.argument("x-amz-copy-source", header, "`/bucket/key`, percent-encoded");
    }
    ObjectView source =
        ObjectView.open(
            exchange.reach(), rest.substring(0, slash), rest.substring(slash + 1), version);
    Conditions conditions = Conditions.read(exchange, PREFIX);
    if (conditions.of(source.etag(), source.modified()) != Conditions.Outcome.GO_ON) {
      throw ObjectReads.failed();
    }
    return source;
  }

  private void copy(Exchange exchange) throws IOException {
    ObjectKey key = ObjectKey.parse(exchange.key());
    Bucket bucket = exchange.open();
    BranchName branch = bucket.writable();
    FileAttributes said = Described.read(exchange);
    WriteTerms terms = WriteTerms.read(exchange, key);
    boolean replaced = replaces(exchange);
    byte[] _ = new Incoming(exchange).document(DOCUMENT_MAX);
    ObjectView source = source(exchange);
    if (source.key().isFolder() != key.isFolder()) {
      throw Refusal.argument("key", key.text(), "a folder marker for a folder marker alone");
    }
    boolean onItself =
        source.key().equals(key)
            && source.view().commit().name().repo().equals(branch.repo())
            && source.view().commit().branch().equals(branch.branch())
            && exchange.header("x-amz-copy-source").orElse("").indexOf("?versionId=") < 0;
    if (onItself && !replaced) {
      throw new Refusal(
          Code.INVALID_REQUEST,
          "This copy request is illegal because it is trying to copy an object to itself without changing the object's metadata, storage class, website redirect location or encryption attributes.");
    }
    Instant now = clock.instant();
    FileAttributes attributes = attributes(source.attributes(), said, replaced).withWritten(now);
    try (FileWriter writer = bucket.writer(exchange.call())) {
      if (key.isFolder()) {
        writer.mark(key.path(), attributes);
      } else {
        writer.copy(source.view(), source.key().path(), key.path(), attributes);
      }
      terms.condition().ifPresent(writer::onlyIf);
      Commit commit = terms.run(writer::commit);
      exchange.header("x-amz-copy-source-version-id", source.version());
      exchange.header("x-amz-version-id", commit.name().id().value());
      Xml xml =
          Xml.of("CopyObjectResult")
              .add("LastModified", now)
              .add("ETag", "\"" + source.etag() + "\"");
      ObjectReads.sums(attributes).forEach(sum -> xml.add(sum.kind().element(), sum.value()));
      exchange.reply(xml);
    }
  }

  /// Whether the copy gets what the request says of it in place of what the source had.
  private static boolean replaces(Exchange exchange) {
    String directive = exchange.header("x-amz-metadata-directive").orElse("COPY");
    return switch (directive) {
      case "COPY" -> false;
      case "REPLACE" -> true;
      default ->
          throw Refusal.argument("x-amz-metadata-directive", directive, "`COPY` or `REPLACE`");
    };
  }

  /// What depends on the bytes stays theirs.
  private static FileAttributes attributes(
      FileAttributes source, FileAttributes said, boolean replaced) {
    return replaced
        ? source
            .withContentType(said.contentType())
            .withHeaders(said.headers())
            .withUser(said.user())
        : source;
  }
}
