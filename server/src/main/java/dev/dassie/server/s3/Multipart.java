package dev.dassie.server.s3;

import dev.dassie.fileset.Checksum;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Element;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.version.BranchName;
import dev.dassie.version.multipart.Multiparts;
import dev.dassie.version.multipart.Outcome;
import dev.dassie.version.multipart.Part;
import dev.dassie.version.multipart.Upload;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Uploads in parts: begin, put parts, put parts of what is there, complete, abort.
final class Multipart {
  /// Ten thousand parts with a checksum each.
  private static final int DOCUMENT_MAX = 8 << 20;

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.CREATE_MULTIPART_UPLOAD, this::create);
    actions.put(Operation.UPLOAD_PART, this::part);
    actions.put(Operation.UPLOAD_PART_COPY, this::copy);
    actions.put(Operation.COMPLETE_MULTIPART_UPLOAD, this::complete);
    actions.put(Operation.ABORT_MULTIPART_UPLOAD, this::abort);
  }

  private void create(Exchange exchange) throws IOException {
    ObjectKey key = ObjectKey.parse(exchange.key());
    Bucket bucket = exchange.open();
    BranchName branch = bucket.writable();
    FileAttributes said = Described.read(exchange);
    Optional<PartSums> sums = PartSums.asked(exchange);
    byte[] _ = new Incoming(exchange).document(DOCUMENT_MAX);
    if (key.isFolder()) {
      throw Refusal.argument("key", key.text(), "one without a slash at its end");
    }
    Upload upload = bucket.multiparts().create(exchange.call(), branch, key.path(), said);
    sums.ifPresent(asked -> {
      exchange.header("x-amz-checksum-algorithm", asked.kind().text());
      exchange.header("x-amz-checksum-type", asked.type());
    });
    exchange.reply(
        Xml.of("InitiateMultipartUploadResult")
            .add("Bucket", exchange.bucket())
            .add("Key", exchange.key())
            .add("UploadId", upload.id()));
  }

  /// The upload that the query names, of the key that the path does.
  static Upload.Name named(Exchange exchange, Bucket bucket) {
    ObjectKey key = ObjectKey.parse(exchange.key());
    String id = exchange.query().get("uploadId").orElse("");
    Upload.Name name = new Upload.Name(bucket.writable(), id);
    Upload upload = found(() -> bucket.multiparts().inspect(name), id);
    if (!upload.path().equals(key.path())) {
      throw missing(id);
    }
    return name;
  }

  private static Refusal missing(String id) {
    return new Refusal(
            Code.NO_SUCH_UPLOAD,
            "The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.")
        .with("UploadId", Refusal.shortened(id));
  }

  /// What the core says of an upload that is not there becomes S3's word for it.
  static <T> T found(java.util.function.Supplier<T> call, String id) {
    try {
      return call.get();
    } catch (dev.dassie.fault.DassieException e) {
      if (e.fault() instanceof dev.dassie.fault.Fault.NotFound) {
        throw missing(id);
      }
      throw e;
    }
  }

  private static int number(Exchange exchange) {
    if (exchange.query().text("partNumber").isEmpty()) {
      throw Refusal.argument("partNumber", "", "a whole number from 1 to 10000");
    }
    return (int) exchange.query().number("partNumber", 1, Part.MAX_NUMBER, 1);
  }

  private void part(Exchange exchange) {
    int number = number(exchange);
    Bucket bucket = exchange.open();
    Upload.Name name = named(exchange, bucket);
    Incoming incoming = new Incoming(exchange).withLength();
    List<Incoming.Arrived> arrived = new ArrayList<>();
    Part part =
        found(
            () ->
                bucket
                    .multiparts()
                    .put(
                        name,
                        number,
                        bucket.counted(incoming.stream()),
                        () -> {
                          Incoming.Arrived whole = incoming.arrived();
                          arrived.add(whole);
                          return new Part.Facts(whole.etag(), Described.sums(whole.checksums()));
                        }),
            name.id());
    exchange.header("ETag", "\"" + part.etag() + "\"");
    arrived.getFirst().checksums().forEach((kind, value) -> exchange.header(kind.header(), value));
    exchange.replyNothing(200);
  }

  private void copy(Exchange exchange) throws IOException {
    int number = number(exchange);
    Bucket bucket = exchange.open();
    Upload.Name name = named(exchange, bucket);
    byte[] _ = new Incoming(exchange).document(DOCUMENT_MAX);
    ObjectView source = Copies.source(exchange);
    Span span =
        exchange
            .header(Copies.PREFIX + "range")
            .map(range -> range(range, source.size()))
            .orElseGet(() -> new Span(0, source.size(), false, Optional.empty()));
    Part part =
        found(
            () ->
                bucket
                    .multiparts()
                    .copy(
                        name,
                        number,
                        source.view(),
                        source.key().path(),
                        span.offset(),
                        span.length()),
            name.id());
    exchange.header("x-amz-copy-source-version-id", source.version());
    exchange.reply(
        Xml.of("CopyPartResult")
            .add("LastModified", part.stored())
            .add("ETag", "\"" + part.etag() + "\""));
  }

  /// Unlike that of a read it must be one, and lie within.
  private static Span range(String text, long size) {
    boolean whole = text.strip().matches("bytes=[0-9]{1,18}-[0-9]{1,18}");
    if (whole) {
      Span span = Span.range(text, size);
      long last = Long.parseLong(text.strip().substring(text.strip().indexOf('-') + 1));
      if (span.partial() && last < size) {
        return span;
      }
    }
    throw Refusal.argument(
        Copies.PREFIX + "range", text, "`bytes=FIRST-LAST` within %d bytes".formatted(size));
  }

  private void complete(Exchange exchange) throws IOException {
    ObjectKey key = ObjectKey.parse(exchange.key());
    Bucket bucket = exchange.open();
    BranchName branch = bucket.writable();
    WriteTerms terms = WriteTerms.read(exchange, key);
    String id = exchange.query().get("uploadId").orElse("");
    Optional<PartSums> asked = PartSums.asked(exchange);
    Element document =
        Element.read(new Incoming(exchange).document(DOCUMENT_MAX), "CompleteMultipartUpload");
    List<Element> listed = document.all("Part");
    List<Multiparts.Chosen> chosen =
        listed.stream().map(one -> new Multiparts.Chosen(number(one), etag(one))).toList();
    PartSums.Said said = PartSums.said(exchange, listed, asked);
    Upload.Name name = new Upload.Name(branch, id);
    List<Checksum> sums = new ArrayList<>();
    Outcome outcome =
        terms.run(() ->
            bucket
                .multiparts()
                .complete(
                    exchange.call(),
                    name,
                    chosen,
                    terms.condition().stream().toList(),
                    (attributes, parts) -> {
                      List<Checksum> whole = said.whole(parts);
                      sums.clear();
                      sums.addAll(whole);
                      return attributes.withChecksums(whole);
                    }));
    switch (outcome) {
      case Outcome.Refused refused -> throw refused(refused, id);
      case Outcome.Done done -> {
        exchange.header("x-amz-version-id", done.commit().value());
        Xml xml =
            Xml.of("CompleteMultipartUploadResult")
                .add("Location", exchange.target().resource())
                .add("Bucket", exchange.bucket())
                .add("Key", exchange.key())
                .add("ETag", "\"" + done.etag() + "\"");
        ObjectReads.sums(FileAttributes.NONE.withChecksums(sums))
            .forEach(
                sum -> xml.add(sum.kind().element(), sum.value()).add("ChecksumType", sum.type()));
        exchange.reply(xml);
      }
    }
  }

  private static int number(Element part) {
    String text = part.need("PartNumber").strip();
    if (!text.matches("[0-9]{1,5}")) {
      throw new Refusal(Code.MALFORMED_XML, "A part number is no number from 1 to 10000.");
    }
    return Integer.parseInt(text);
  }

  private static String etag(Element part) {
    return Conditions.plain(part.need("ETag"));
  }

  private static Refusal refused(Outcome.Refused refused, String id) {
    Code code =
        switch (refused.reason()) {
          case NO_UPLOAD -> Code.NO_SUCH_UPLOAD;
          case BAD_LIST -> Code.MALFORMED_XML;
          case BAD_ORDER -> Code.INVALID_PART_ORDER;
          case NO_PART -> Code.INVALID_PART;
          case TOO_SMALL -> Code.ENTITY_TOO_SMALL;
        };
    Refusal refusal = new Refusal(code, refused.sentence()).with("UploadId", Refusal.shortened(id));
    return refused.part() > 0
        ? refusal.with("PartNumber", Integer.toString(refused.part()))
        : refusal;
  }

  private void abort(Exchange exchange) {
    Bucket bucket = exchange.open();
    Upload.Name name = named(exchange, bucket);
    boolean _ =
        found(
            () -> {
              bucket.multiparts().abort(name);
              return true;
            },
            name.id());
    exchange.replyNothing(204);
  }
}
