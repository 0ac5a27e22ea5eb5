package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.FileAttributes.Header;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.function.Consumer;

/// The stored form of attributes: numbered fields (docs/format.md, "Attributes").
final class AttributesFormat {
  private static final String NAME = "A record of attributes";
  private static final int CONTENT_TYPE = 1;
  private static final int ETAG = 2;
  private static final int WRITTEN = 3;
  private static final int USER = 9;
  private static final int CHECKSUMS = 10;
  private static final int PARTS = 11;

  private AttributesFormat() {}

  static byte[] encode(FileAttributes attributes) {
    Encoder out = new Encoder();
    attributes.contentType().ifPresent(type -> text(out, CONTENT_TYPE, type));
    attributes.etag().ifPresent(tag -> text(out, ETAG, tag));
    attributes
        .written()
        .ifPresent(
            at -> field(out, WRITTEN, in -> in.fixed64(at.getEpochSecond()).varint(at.getNano())));
    attributes.headers().forEach((header, value) -> text(out, header.code(), value));
    if (!attributes.user().isEmpty()) {
      List<Map.Entry<String, String>> user = List.copyOf(attributes.user().entrySet());
      field(
          out,
          USER,
          in -> in.list(user, (each, pair) -> each.string(pair.getKey()).string(pair.getValue())));
    }
    if (!attributes.checksums().isEmpty()) {
      field(
          out,
          CHECKSUMS,
          in ->
              in.list(
                  attributes.checksums(),
                  (each, sum) ->
                      each.u8(sum.algorithm().code()).varint(sum.parts()).bytes(sum.bytes())));
    }
    if (!attributes.parts().isEmpty()) {
      field(
          out,
          PARTS,
          in ->
              in.list(
                  attributes.parts(), (each, run) -> each.varint(run.size()).varint(run.count())));
    }
    return out.toBytes();
  }

  /// Passes over fields that it does not know.
  static FileAttributes decode(byte[] fields) {
    Decoder in = new Decoder(NAME, fields);
    Optional<String> contentType = Optional.empty();
    Optional<String> etag = Optional.empty();
    Optional<Instant> written = Optional.empty();
    TreeMap<Header, String> headers = new TreeMap<>();
    TreeMap<String, String> user = new TreeMap<>();
    List<Checksum> checksums = List.of();
    List<FileAttributes.Run> parts = List.of();
    while (in.remaining() > 0) {
      long field = in.varint();
      byte[] value = in.bytes();
      Decoder inner = new Decoder(NAME, value);
      switch ((int) Math.min(field, Integer.MAX_VALUE)) {
        case CONTENT_TYPE -> contentType = Optional.of(text(value));
        case ETAG -> etag = Optional.of(text(value));
        case WRITTEN -> written = Optional.of(time(inner));
        case USER -> inner.list(each -> user.put(each.string(), each.string()) == null);
        case CHECKSUMS -> checksums = inner.list(AttributesFormat::checksum);
        case PARTS ->
            parts = inner.list(each -> new FileAttributes.Run(each.varint(), each.length(10_000)));
        default -> header(field).ifPresent(header -> headers.put(header, text(value)));
      }
    }
    return new FileAttributes(contentType, etag, written, headers, user, checksums, parts);
  }

  private static Checksum checksum(Decoder in) {
    Checksum.Algorithm algorithm = Checksum.Algorithm.of(in.u8());
    int parts = in.length(10_000);
    return new Checksum(algorithm, Base64.getEncoder().encodeToString(in.bytes()), parts);
  }

  private static Optional<Header> header(long code) {
    for (Header header : Header.values()) {
      if (header.code() == code) {
        return Optional.of(header);
      }
    }
    return Optional.empty();
  }

  private static Instant time(Decoder in) {
    long seconds = in.fixed64();
    try {
      return Instant.ofEpochSecond(seconds, in.length(999_999_999));
    } catch (DateTimeException e) {
      throw new DassieException(
          new Fault.Corrupt(NAME, "seconds since 1970", Long.toString(seconds)), e);
    }
  }

  private static void text(Encoder out, int number, String value) {
    out.varint(number).string(value);
  }

  private static void field(Encoder out, int number, Consumer<Encoder> value) {
    Encoder inner = new Encoder();
    value.accept(inner);
    out.varint(number).bytes(inner.toBytes());
  }

  private static String text(byte[] utf8) {
    return new String(utf8, StandardCharsets.UTF_8);
  }
}
