package dev.dassie.server.s3;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import java.io.IOException;
import java.io.InputStream;
import java.time.InstantSource;
import java.util.Map;

/// Puts objects: durable, and seen by every reader of the bucket, when the reply goes out.
final class ObjectWrites {
  private final InstantSource clock;

  ObjectWrites(InstantSource clock) {
    this.clock = clock;
  }

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.PUT_OBJECT, this::put);
  }

  private void put(Exchange exchange) throws IOException {
    ObjectKey key = ObjectKey.parse(exchange.key());
    Bucket bucket = exchange.open();
    BranchName _ = bucket.writable();
    FileAttributes said = Described.read(exchange);
    WriteTerms terms = WriteTerms.read(exchange, key);
    Incoming incoming = new Incoming(exchange).withLength();
    try (FileWriter writer = bucket.writer(exchange.call())) {
      Incoming.Arrived arrived =
          key.isFolder()
              ? folder(writer, incoming, key, said)
              : file(writer, bucket.counted(incoming.stream()), incoming, key, said);
      terms.condition().ifPresent(writer::onlyIf);
      Commit commit = terms.run(writer::commit);
      exchange.header("ETag", "\"" + arrived.etag() + "\"");
      exchange.header("x-amz-version-id", commit.name().id().value());
      arrived.checksums().forEach((kind, value) -> exchange.header(kind.header(), value));
      if (!arrived.checksums().isEmpty()) {
        exchange.header("x-amz-checksum-type", "FULL_OBJECT");
      }
      exchange.replyNothing(200);
    }
  }

  private Incoming.Arrived file(
      FileWriter writer, InputStream bytes, Incoming incoming, ObjectKey key, FileAttributes said) {
    Body body = writer.store(bytes);
    Incoming.Arrived arrived = incoming.arrived();
    writer.put(key.path(), false, body, false, attributes(said, arrived));
    return arrived;
  }

  /// A marker is a name, and no place for bytes.
  private Incoming.Arrived folder(
      FileWriter writer, Incoming incoming, ObjectKey key, FileAttributes said) throws IOException {
    if (incoming.length() > 0 || incoming.stream().read() >= 0) {
      throw Refusal.argument(
          "key", key.text(), "one without a slash at its end: a folder marker has no bytes");
    }
    Incoming.Arrived arrived = incoming.arrived();
    writer.mark(key.path(), attributes(said, arrived));
    return arrived;
  }

  private FileAttributes attributes(FileAttributes said, Incoming.Arrived arrived) {
    return said.withEtag(arrived.etag())
        .withWritten(clock.instant())
        .withChecksums(Described.sums(arrived.checksums()));
  }
}
