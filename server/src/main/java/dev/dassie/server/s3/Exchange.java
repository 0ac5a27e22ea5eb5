package dev.dassie.server.s3;

import dev.dassie.content.ByteTaker;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Query;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.server.s3.sign.Asked;
import dev.dassie.server.s3.sign.Authenticator;
import dev.dassie.server.wire.Wire;
import dev.dassie.version.Call;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;

/// One request whose signature is right, and its reply. For the thread of the request.
final class Exchange {
  private static final String XML = "application/xml";

  /// Of `Last-Modified` and its kin (RFC 9110, section 5.6.7).
  static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ROOT)
          .withZone(ZoneOffset.UTC);

  private final Wire wire;
  private final Target target;
  private final Asked asked;
  private final Authenticator.Identity identity;
  private final Reach reach;
  private final String requestId;

  Exchange(
      Wire wire,
      Target target,
      Asked asked,
      Authenticator.Identity identity,
      Reach reach,
      String requestId) {
    this.wire = wire;
    this.target = target;
    this.asked = asked;
    this.identity = identity;
    this.reach = reach;
    this.requestId = requestId;
  }

  String requestId() {
    return requestId;
  }

  Target target() {
    return target;
  }

  Query query() {
    return asked.query();
  }

  Authenticator.Identity identity() {
    return identity;
  }

  boolean isHead() {
    return asked.method().equals("HEAD");
  }

  /// Which buckets it may name.
  Reach reach() {
    return reach;
  }

  String bucket() {
    return target.bucket().orElseThrow();
  }

  /// The bucket that it names, or `NoSuchBucket`.
  Bucket open() {
    return reach.bucket(bucket());
  }

  String key() {
    return target.key().orElseThrow();
  }

  /// A header's first value; HTTP hands its bytes out as ISO 8859-1, S3's are UTF-8.
  Optional<String> header(String name) {
    return asked.headers().first(name).map(value -> utf8(name, value));
  }

  /// All values of a header in one, separated by commas.
  String joined(String name) {
    return utf8(name, String.join(",", asked.headers().values(name)));
  }

  List<String> headerNames() {
    return asked.headers().names();
  }

  private static String utf8(String name, String value) {
    if (isAscii(value)) {
      return value;
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(value.getBytes(StandardCharsets.ISO_8859_1)))
          .toString();
    } catch (CharacterCodingException e) {
      throw new Refusal(Code.INVALID_ARGUMENT, "The header `%s` is no UTF-8.".formatted(name));
    }
  }

  private static boolean isAscii(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) >= 0x80) {
        return false;
      }
    }
    return true;
  }

  /// Who asks.
  Call call() {
    return new Call(identity.key().principal(), "");
  }

  /// The length that was announced; below 0 for none.
  long length() {
    return wire.request().getLength();
  }

  /// The bytes as they come, in whatever encoding.
  InputStream raw() {
    return wire.body();
  }

  /// A header of the reply.
  void header(String name, String value) {
    wire.headers()
        .put(
            name,
            isAscii(value)
                ? value
                : new String(value.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  void header(String name, Instant value) {
    header(name, HTTP_DATE.format(value));
  }

  void status(int status) {
    wire.status(status);
  }

  void reply(Xml xml) {
    wire.headers().put(HttpHeader.CONTENT_TYPE, XML);
    byte[] bytes = xml.toBytes();
    wire.headers().put(HttpHeader.CONTENT_LENGTH, bytes.length);
    wire.send(bytes);
  }

  /// Ends a reply without a body.
  void replyNothing(int status) {
    wire.status(status);
    wire.send(new byte[0]);
  }

  /// What writes the bytes of a reply.
  interface Writing {
    void write(ByteTaker to) throws IOException;
  }

  /// A reply of so many bytes, which are sent as they come: the last of them end it. Where fewer
  /// come, it is broken off.
  void replyBytes(long length, Writing writing) throws IOException {
    wire.headers().put(HttpHeader.CONTENT_LENGTH, length);
    if (length == 0) {
      wire.write(true, ByteBuffer.allocate(0));
      return;
    }
    writing.write(bytes -> wire.write(wire.bytesWritten() + bytes.remaining() == length, bytes));
    if (wire.bytesWritten() != length) {
      throw new IOException("%d of %d bytes were there".formatted(wire.bytesWritten(), length));
    }
  }

  /// Ends a reply that has the headers of a body and none.
  void replyHead(long length) {
    wire.headers().put(HttpHeader.CONTENT_LENGTH, length);
    wire.send(new byte[0]);
  }
}
