package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.Encoding;
import dev.dassie.server.s3.protocol.Query;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/// A request in the one form that is signed.
final class Canonical {
  private static final Pattern SPACES = Pattern.compile(" +");

  private Canonical() {}

  /// @param signed names of the headers that are covered, in lower case, sorted
  /// @param leftOut a query parameter that is not covered; empty for none
  /// @param payload digest of the body, or the word that stands for it
  static String request(Asked asked, List<String> signed, String leftOut, String payload) {
    StringBuilder text = new StringBuilder();
    text.append(asked.method()).append('\n');
    text.append(Encoding.encode(asked.path(), true)).append('\n');
    text.append(query(asked.query(), leftOut)).append('\n');
    for (String name : signed) {
      text.append(name).append(':').append(values(asked.headers().values(name))).append('\n');
    }
    text.append('\n').append(String.join(";", signed)).append('\n').append(payload);
    return text.toString();
  }

  private static String query(Query query, String leftOut) {
    if (query.parameters().isEmpty()) {
      return "";
    }
    return query.parameters().stream()
        .filter(parameter -> leftOut.isEmpty() || !parameter.name().equals(leftOut))
        .map(parameter ->
            Encoding.encode(parameter.name(), false)
                + "="
                + Encoding.encode(parameter.value(), false))
        .sorted()
        .collect(Collectors.joining("&"));
  }

  /// HTTP hands out bytes as ISO 8859-1; what was signed is UTF-8.
  private static String values(List<String> values) {
    StringBuilder all = new StringBuilder();
    String between = "";
    for (String value : values) {
      String text =
          new String(value.getBytes(StandardCharsets.ISO_8859_1), StandardCharsets.UTF_8).strip();
      String single = text.contains("  ") ? SPACES.matcher(text).replaceAll(" ") : text;
      all.append(between).append(single);
      between = ",";
    }
    return all.toString();
  }

  static String toSign(String time, Scope scope, String canonical) {
    String digest = Hmac.sha256(canonical.getBytes(StandardCharsets.UTF_8));
    return "AWS4-HMAC-SHA256\n" + time + "\n" + scope.text() + "\n" + digest;
  }
}
