package dev.dassie.server.s3.sign;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Query;
import dev.dassie.server.s3.protocol.Refusal;
import java.time.DateTimeException;
import java.time.Instant;
import java.time.LocalDateTime;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// The signature that a request comes with, read and not yet checked.
///
/// @param headers names that it covers, in lower case, sorted
/// @param expires seconds from `at` on, of a presigned URL
record Claim(
    Scope scope,
    List<String> headers,
    String signature,
    Instant at,
    String time,
    Optional<Long> expires) {
  private static final String ALGORITHM = "AWS4-HMAC-SHA256";
  private static final DateTimeFormatter TIME =
      DateTimeFormatter.ofPattern("uuuuMMdd'T'HHmmss'Z'", Locale.ROOT);
  private static final long WEEK = 604_800;

  boolean isPresigned() {
    return expires.isPresent();
  }

  static Claim read(Asked asked) {
    String authorization = asked.header("authorization");
    boolean presigned =
        asked.query().has("X-Amz-Algorithm") || asked.query().has("X-Amz-Signature");
    if (presigned && !authorization.isEmpty()) {
      throw new Refusal(
          Code.INVALID_ARGUMENT,
          "The request is signed in its header and in its URL; expected one.");
    }
    if (presigned) {
      return ofQuery(asked.query());
    }
    if (authorization.isEmpty()) {
      boolean old = asked.query().has("Signature") && asked.query().has("AWSAccessKeyId");
      throw old
          ? oldSignature()
          : new Refusal(
              Code.ACCESS_DENIED,
              "The request is not signed; expected a signature (AWS4-HMAC-SHA256) of an access key.");
    }
    return ofHeader(asked, authorization);
  }

  private static Refusal oldSignature() {
    return new Refusal(
        Code.INVALID_REQUEST,
        "The authorization mechanism you have provided is not supported. Please use AWS4-HMAC-SHA256.");
  }

  private static Claim ofHeader(Asked asked, String authorization) {
    if (!authorization.startsWith(ALGORITHM + " ")) {
      throw oldSignature();
    }
    Map<String, String> parts = new HashMap<>();
    for (String part : authorization.substring(ALGORITHM.length()).split(",", 10)) {
      int equals = part.indexOf('=');
      if (equals > 0) {
        parts.put(part.substring(0, equals).strip(), part.substring(equals + 1).strip());
      }
    }
    if (!parts.keySet().containsAll(List.of("Credential", "SignedHeaders", "Signature"))) {
      throw new Refusal(
          Code.AUTHORIZATION_HEADER_MALFORMED,
          "The header `Authorization` must have `Credential`, `SignedHeaders` and `Signature`.");
    }
    String credential = parts.getOrDefault("Credential", "");
    Scope scope =
        Scope.parse(credential)
            .orElseThrow(() -> Scope.malformed(Code.AUTHORIZATION_HEADER_MALFORMED, credential));
    String date = asked.header("x-amz-date");
    Instant at = date.isEmpty() ? httpDate(asked.header("date")) : amzDate(date);
    return checked(
        new Claim(
            scope,
            names(parts.getOrDefault("SignedHeaders", "")),
            parts.getOrDefault("Signature", ""),
            at,
            date.isEmpty() ? TIME.format(at.atZone(ZoneOffset.UTC)) : date,
            Optional.empty()),
        Code.AUTHORIZATION_HEADER_MALFORMED);
  }

  private static Claim ofQuery(Query query) {
    for (String name :
        List.of(
            "X-Amz-Algorithm",
            "X-Amz-Credential",
            "X-Amz-Date",
            "X-Amz-Expires",
            "X-Amz-SignedHeaders",
            "X-Amz-Signature")) {
      if (query.text(name).isEmpty()) {
        throw new Refusal(
            Code.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
            "A presigned URL needs `%s` in its query.".formatted(name));
      }
    }
    if (!query.text("X-Amz-Algorithm").equals(Optional.of(ALGORITHM))) {
      throw new Refusal(
          Code.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
          "`X-Amz-Algorithm` must be `%s`.".formatted(ALGORITHM));
    }
    String expires = query.text("X-Amz-Expires").orElse("");
    if (!expires.matches("[0-9]{1,6}") || Long.parseLong(expires) > WEEK || expires.equals("0")) {
      throw new Refusal(
          Code.AUTHORIZATION_QUERY_PARAMETERS_ERROR,
          "`X-Amz-Expires` is `%s`, expected 1 to 604800 seconds."
              .formatted(Refusal.shortened(expires)));
    }
    String credential = query.text("X-Amz-Credential").orElse("");
    Scope scope =
        Scope.parse(credential)
            .orElseThrow(
                () -> Scope.malformed(Code.AUTHORIZATION_QUERY_PARAMETERS_ERROR, credential));
    String time = query.text("X-Amz-Date").orElse("");
    return checked(
        new Claim(
            scope,
            names(query.text("X-Amz-SignedHeaders").orElse("")),
            query.text("X-Amz-Signature").orElse(""),
            amzDate(time),
            time,
            Optional.of(Long.parseLong(expires))),
        Code.AUTHORIZATION_QUERY_PARAMETERS_ERROR);
  }

  private static Claim checked(Claim claim, Code code) {
    if (!claim.time().startsWith(claim.scope().date())) {
      throw new Refusal(
          code,
          "The credential is of `%s`, the request of `%s`; expected one day."
              .formatted(claim.scope().date(), claim.time()));
    }
    if (!claim.headers().contains("host")) {
      throw new Refusal(code, "The signed headers must have `host` among them.");
    }
    return claim;
  }

  private static List<String> names(String list) {
    List<String> names = new ArrayList<>();
    for (String name : list.split(";", 101)) {
      names.add(name.toLowerCase(Locale.ROOT));
    }
    names.sort(null);
    return names;
  }

  private static Instant amzDate(String text) {
    boolean formed = text.length() == 16 && text.charAt(8) == 'T' && text.charAt(15) == 'Z';
    if (!formed) {
      throw noDate(text);
    }
    try {
      return LocalDateTime.of(
              number(text, 0, 4),
              number(text, 4, 6),
              number(text, 6, 8),
              number(text, 9, 11),
              number(text, 11, 13),
              number(text, 13, 15))
          .toInstant(ZoneOffset.UTC);
    } catch (DateTimeException e) {
      throw noDate(text);
    }
  }

  private static int number(String text, int from, int to) {
    int number = 0;
    for (int i = from; i < to; i++) {
      int digit = text.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw noDate(text);
      }
      number = number * 10 + digit;
    }
    return number;
  }

  private static Instant httpDate(String text) {
    try {
      return ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant();
    } catch (DateTimeException e) {
      throw noDate(text);
    }
  }

  private static Refusal noDate(String text) {
    return new Refusal(
        Code.ACCESS_DENIED,
        "The date of the request is `%s`, expected one like `20261121T101500Z` in `x-amz-date`."
            .formatted(Refusal.shortened(text)));
  }
}
