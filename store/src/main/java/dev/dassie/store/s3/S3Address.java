package dev.dassie.store.s3;

import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import java.net.URI;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where objects are, and which dialect of S3 is spoken there:
/// `s3://BUCKET[/PREFIX][?endpoint=URL&region=NAME&path_style=true&checksum=md5&conditional_put=true]`.
/// It holds no credentials: those come from where all AWS tools look for them. Immutable.
///
/// @param prefix empty, or ends with a slash
/// @param endpoint empty for AWS
/// @param region empty where the AWS configuration of this machine says it
/// @param pathStyle whether the bucket stands in the path instead of the host's name
/// @param conditionalPut whether the store honours `If-None-Match: *`; where it does not, a put
///   looks first, which guards against this server alone
public record S3Address(
    String bucket,
    String prefix,
    Optional<URI> endpoint,
    Optional<String> region,
    boolean pathStyle,
    Checksum checksum,
    boolean conditionalPut) {
  /// How the store is to check what it is sent.
  public enum Checksum {
    /// The header `Content-MD5`, which every dialect knows.
    MD5,
    /// The header `x-amz-checksum-crc32c`: AWS and newer stores.
    CRC32C,
    NONE
  }

  private static final List<String> PARAMETERS =
      List.of("endpoint", "region", "path_style", "checksum", "conditional_put");

  private static final Pattern URL =
      Pattern.compile(
          "s3://([a-z0-9][a-z0-9.-]{1,61}[a-z0-9])(?:/([A-Za-z0-9!_.*'()/-]{0,400}))?(?:\\?(.*))?");

  /// Whether a text names a store that speaks S3.
  public static boolean isOne(String url) {
    return url.startsWith("s3://");
  }

  /// Reads an address.
  ///
  /// @throws dev.dassie.fault.DassieException `Invalid`
  public static S3Address parse(String url) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new Fault.Invalid(
              "The store",
              url.contains("@") ? "s3://…@…" : url,
              "`s3://BUCKET[/PREFIX][?endpoint=URL&…]`",
              Optional.of("Credentials stand in `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`."))
          .asException();
    }
    Map<String, String> told = parameters(Optional.ofNullable(parts.group(3)).orElse(""));
    Optional<URI> endpoint = Optional.ofNullable(told.get("endpoint")).map(S3Address::endpoint);
    return new S3Address(
        parts.group(1),
        prefix(Optional.ofNullable(parts.group(2)).orElse("")),
        endpoint,
        Optional.ofNullable(told.get("region")),
        flag(told, "path_style", endpoint.isPresent()),
        checksum(told.getOrDefault("checksum", "md5")),
        flag(told, "conditional_put", true));
  }

  private static String prefix(String text) {
    if (text.startsWith("/") || text.contains("//")) {
      throw new Fault.Invalid("The prefix of the store", text, "no empty part").asException();
    }
    return text.isEmpty() || text.endsWith("/") ? text : text + "/";
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> told = new TreeMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!PARAMETERS.contains(name) || equals < 0) {
        throw new Fault.Invalid(
                "A parameter of the store",
                name,
                "one of `" + String.join("`, `", PARAMETERS) + "`, each with a value",
                Nearest.hint(name, PARAMETERS))
            .asException();
      }
      try {
        told.put(name, URLDecoder.decode(pair.substring(equals + 1), StandardCharsets.UTF_8));
      } catch (IllegalArgumentException e) {
        throw new Fault.Invalid(
                "The parameter `" + name + "` of the store",
                pair.substring(equals + 1),
                "`%` followed by two hexadecimal digits")
            .asException();
      }
    }
    return told;
  }

  private static URI endpoint(String text) {
    try {
      URI uri = URI.create(text);
      boolean web = "http".equals(uri.getScheme()) || "https".equals(uri.getScheme());
      if (web && uri.getHost() != null && uri.getUserInfo() == null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Refused below, as any other text that is no URL.
    }
    throw new Fault.Invalid(
            "The parameter `endpoint` of the store",
            text.contains("@") ? "…@…" : text,
            "`http://HOST[:PORT]` or `https://HOST[:PORT]`")
        .asException();
  }

  private static boolean flag(Map<String, String> told, String name, boolean fallback) {
    String text = told.getOrDefault(name, Boolean.toString(fallback));
    if (!text.equals("true") && !text.equals("false")) {
      throw new Fault.Invalid("The parameter `" + name + "` of the store", text, "true or false")
          .asException();
    }
    return text.equals("true");
  }

  private static Checksum checksum(String text) {
    return Arrays.stream(Checksum.values())
        .filter(one -> one.name().toLowerCase(Locale.ROOT).equals(text))
        .findFirst()
        .orElseThrow(() ->
            new Fault.Invalid(
                    "The parameter `checksum` of the store", text, "`md5`, `crc32c` or `none`")
                .asException());
  }

  /// How people are told of it.
  @Override
  public String toString() {
    return "s3://" + bucket + "/" + prefix + endpoint.map(uri -> " at " + uri).orElse("");
  }
}
