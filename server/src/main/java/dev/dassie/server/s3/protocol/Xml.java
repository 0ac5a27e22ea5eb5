package dev.dassie.server.s3.protocol;

import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Optional;

/// Writes one document. Characters that XML 1.0 does not have go out as references, as Amazon's S3
/// does: clients that may meet such keys ask for `encoding-type=url`. Not thread-safe.
public final class Xml {
  private static final String NAMESPACE = "http://s3.amazonaws.com/doc/2006-03-01/";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("yyyy-MM-dd'T'HH:mm:ss.SSS'Z'").withZone(ZoneOffset.UTC);

  private final StringBuilder text = new StringBuilder(1024);
  private final Deque<String> open = new ArrayDeque<>();

  private Xml(String root, boolean namespace) {
    text.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<").append(root);
    if (namespace) {
      text.append(" xmlns=\"").append(NAMESPACE).append('"');
    }
    text.append('>');
    open.push(root);
  }

  /// A document of S3's namespace.
  public static Xml of(String root) {
    return new Xml(root, true);
  }

  /// A document without one: errors have none.
  public static Xml plain(String root) {
    return new Xml(root, false);
  }

  public Xml open(String element) {
    text.append('<').append(element).append('>');
    open.push(element);
    return this;
  }

  /// An element of the type that grants need.
  public Xml openGrantee(String type) {
    text.append("<Grantee xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:type=\"")
        .append(type)
        .append("\">");
    open.push("Grantee");
    return this;
  }

  public Xml close() {
    text.append("</").append(open.pop()).append('>');
    return this;
  }

  public Xml add(String element, String value) {
    text.append('<').append(element).append('>');
    escape(value);
    text.append("</").append(element).append('>');
    return this;
  }

  public Xml add(String element, long value) {
    return add(element, Long.toString(value));
  }

  public Xml add(String element, boolean value) {
    return add(element, Boolean.toString(value));
  }

  public Xml add(String element, Instant value) {
    return add(element, TIME.format(value));
  }

  /// Nothing where there is no value.
  public Xml add(String element, Optional<String> value) {
    value.ifPresent(there -> add(element, there));
    return this;
  }

  /// Ends what is open.
  public byte[] toBytes() {
    while (!open.isEmpty()) {
      close();
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private void escape(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '&' -> text.append("&amp;");
        case '<' -> text.append("&lt;");
        case '>' -> text.append("&gt;");
        case '"' -> text.append("&quot;");
        default -> {
          if (c < ' ' || c == 0x7f || c == 0xfffe || c == 0xffff) {
            text.append("&#x").append(Integer.toHexString(c)).append(';');
          } else {
            text.append(c);
          }
        }
      }
    }
  }
}
