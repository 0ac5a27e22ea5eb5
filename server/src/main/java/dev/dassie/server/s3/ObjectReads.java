package dev.dassie.server.s3;

import dev.dassie.fileset.Checksum;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.ChecksumKind;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads objects: their bytes, streamed, and what is known of them.
final class ObjectReads {
  private static final String BYTES = "application/octet-stream";

  /// Headers of the reply that a signed request may set, by the parameter that does.
  private static final Map<String, String> OVERRIDES =
      Map.of(
          "response-content-type", "Content-Type",
          "response-content-language", "Content-Language",
          "response-expires", "Expires",
          "response-cache-control", "Cache-Control",
          "response-content-disposition", "Content-Disposition",
          "response-content-encoding", "Content-Encoding");

  /// `CONTENT_DISPOSITION` → `Content-Disposition`
  static final Map<FileAttributes.Header, String> NAMES = names();

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.GET_OBJECT, this::get);
    actions.put(Operation.HEAD_OBJECT, this::get);
    actions.put(Operation.GET_OBJECT_ATTRIBUTES, this::attributes);
  }

  private void get(Exchange exchange) throws IOException {
    ObjectView object = ObjectView.open(exchange);
    switch (Conditions.read(exchange, "").of(object.etag(), object.modified())) {
      case FAILED -> throw failed();
      case NOT_MODIFIED -> {
        describe(exchange, object);
        exchange.replyNothing(304);
        return;
      }
      case GO_ON -> {}
    }
    Span span = Span.read(exchange, object.size(), object.attributes());
    describe(exchange, object);
    override(exchange);
    if (span.partial()) {
      exchange.status(206);
      exchange.header(
          "Content-Range",
          "bytes %d-%d/%d"
              .formatted(span.offset(), span.offset() + span.length() - 1, object.size()));
    } else {
      addChecksums(exchange, object.attributes());
    }
    span.parts()
        .ifPresent(count -> exchange.header("x-amz-mp-parts-count", Integer.toString(count)));
    if (exchange.isHead()) {
      exchange.replyHead(span.length());
      return;
    }
    exchange.replyBytes(span.length(), to -> object.send(span.offset(), span.length(), to));
  }

  static Refusal failed() {
    return new Refusal(
        Code.PRECONDITION_FAILED, "At least one of the pre-conditions you specified did not hold");
  }

  /// The headers that say what an object is.
  private static void describe(Exchange exchange, ObjectView object) {
    FileAttributes known = object.attributes();
    exchange.header("ETag", "\"" + object.etag() + "\"");
    exchange.header("Last-Modified", object.modified());
    exchange.header("Accept-Ranges", "bytes");
    exchange.header("x-amz-version-id", object.version());
    exchange.header("Content-Type", known.contentType().orElse(BYTES));
    known
        .headers()
        .forEach((header, value) -> exchange.header(NAMES.getOrDefault(header, ""), value));
    known.user().forEach((name, value) -> exchange.header("x-amz-meta-" + name, value));
  }

  private static Map<FileAttributes.Header, String> names() {
    Map<FileAttributes.Header, String> names = new EnumMap<>(FileAttributes.Header.class);
    for (FileAttributes.Header header : FileAttributes.Header.values()) {
      names.put(header, name(header));
    }
    return Collections.unmodifiableMap(names);
  }

  private static String name(FileAttributes.Header header) {
    StringBuilder name = new StringBuilder();
    for (String word : header.name().split("_")) {
      name.append(name.isEmpty() ? "" : "-")
          .append(word.charAt(0))
          .append(word.substring(1).toLowerCase(Locale.ROOT));
    }
    return name.toString();
  }

  private static void override(Exchange exchange) {
    if (exchange.query().parameters().isEmpty()) {
      return;
    }
    OVERRIDES.forEach((parameter, header) ->
        exchange
            .query()
            .text(parameter)
            .ifPresent(value -> {
              if (value.chars().anyMatch(c -> c < ' ' || c == 0x7f) || value.length() > 1024) {
                throw Refusal.argument(parameter, value, "a value that a header can have");
              }
              exchange.header(header, value);
            }));
  }

  private static void addChecksums(Exchange exchange, FileAttributes known) {
    boolean asked =
        exchange.header("x-amz-checksum-mode").filter("ENABLED"::equalsIgnoreCase).isPresent();
    if (asked) {
      sums(known)
          .forEach(sum -> {
            exchange.header(sum.kind().header(), sum.value());
            exchange.header("x-amz-checksum-type", sum.type());
          });
    }
  }

  /// A checksum as S3 tells it.
  record Sum(ChecksumKind kind, String value, String type) {}

  static List<Sum> sums(FileAttributes known) {
    List<Sum> sums = new ArrayList<>();
    for (Checksum sum : known.checksums()) {
      Optional<ChecksumKind> kind = ChecksumKind.named(sum.algorithm().name());
      kind.ifPresent(there ->
          sums.add(
              new Sum(
                  there,
                  sum.value() + (sum.parts() > 0 ? "-" + sum.parts() : ""),
                  sum.parts() > 0 ? "COMPOSITE" : "FULL_OBJECT")));
    }
    return sums;
  }

  private void attributes(Exchange exchange) {
    ObjectView object = ObjectView.open(exchange);
    switch (Conditions.read(exchange, "").of(object.etag(), object.modified())) {
      case FAILED -> throw failed();
      case NOT_MODIFIED -> {
        describe(exchange, object);
        exchange.replyNothing(304);
        return;
      }
      case GO_ON -> {}
    }
    List<String> wanted =
        List.of(exchange.joined("x-amz-object-attributes").split(",", 20)).stream()
            .map(String::strip)
            .toList();
    Xml xml = Xml.of("GetObjectAttributesResponse");
    if (wanted.contains("ETag")) {
      xml.add("ETag", object.etag());
    }
    if (wanted.contains("Checksum") && !sums(object.attributes()).isEmpty()) {
      xml.open("Checksum");
      sums(object.attributes()).forEach(sum -> xml.add(sum.kind().element(), sum.value()));
      xml.add("ChecksumType", sums(object.attributes()).getFirst().type()).close();
    }
    int parts = object.attributes().parts().stream().mapToInt(FileAttributes.Run::count).sum();
    if (wanted.contains("ObjectParts") && parts > 0) {
      xml.open("ObjectParts").add("TotalPartsCount", parts).close();
    }
    if (wanted.contains("StorageClass")) {
      xml.add("StorageClass", "STANDARD");
    }
    if (wanted.contains("ObjectSize")) {
      xml.add("ObjectSize", object.size());
    }
    exchange.header("Last-Modified", object.modified());
    exchange.header("x-amz-version-id", object.version());
    exchange.reply(xml);
  }
}
