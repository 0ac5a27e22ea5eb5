package dev.dassie.store.sql;

import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Where a PostgreSQL database is: `postgresql://[USER[:PASSWORD]@]HOST[:PORT][,…]/DATABASE[?…]`,
/// as in the documentation of libpq, "Connection URIs". Immutable. The text form never holds the
/// password.
///
/// @param hosts one or more `host:port`, separated by commas
/// @param password empty where the driver is to look in the file that `PGPASSFILE` names, or
///   `~/.pgpass`
/// @param parameters of [#PARAMETERS] alone
public record PostgresAddress(
    String hosts,
    String database,
    Optional<String> user,
    Optional<String> password,
    Map<String, String> parameters) {
  /// Parameters that are handed to the driver; all others are refused.
  private static final List<String> PARAMETERS =
      List.of(
          "sslmode",
          "sslrootcert",
          "sslcert",
          "sslkey",
          "currentSchema",
          "targetServerType",
          "ApplicationName");

  private static final Pattern URL =
      Pattern.compile("postgres(?:ql)?://(?:([^@/?]*)@)?([^@/?]+)/([^/?]+)(?:\\?(.*))?");

  public PostgresAddress {
    parameters = Map.copyOf(parameters);
  }

  /// Whether a text names a PostgreSQL database.
  public static boolean isOne(String url) {
    return url.startsWith("postgresql://") || url.startsWith("postgres://");
  }

  /// Reads an address. Where it has no user or password, `PGUSER` and `PGPASSWORD` say them.
  ///
  /// @throws dev.dassie.fault.DassieException `Invalid`; the message has no password in it
  public static PostgresAddress parse(String url, Map<String, String> environment) {
    Matcher parts = URL.matcher(url);
    if (!parts.matches()) {
      throw new Fault.Invalid(
              "The database",
              redacted(url),
              "`postgresql://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE`")
          .asException();
    }
    String credentials = Optional.ofNullable(parts.group(1)).orElse("");
    int colon = credentials.indexOf(':');
    String user = colon < 0 ? credentials : credentials.substring(0, colon);
    String password = colon < 0 ? "" : credentials.substring(colon + 1);
    return new PostgresAddress(
        parts.group(2),
        decoded(parts.group(3)),
        told(decoded(user), environment, "PGUSER"),
        told(decoded(password), environment, "PGPASSWORD"),
        parameters(Optional.ofNullable(parts.group(4)).orElse("")));
  }

  private static Optional<String> told(
      String value, Map<String, String> environment, String variable) {
    return Optional.of(value.isEmpty() ? environment.getOrDefault(variable, "") : value)
        .filter(text -> !text.isEmpty());
  }

  private static Map<String, String> parameters(String query) {
    Map<String, String> parameters = new TreeMap<>();
    for (String pair : query.isEmpty() ? new String[0] : query.split("&")) {
      int equals = pair.indexOf('=');
      String name = equals < 0 ? pair : pair.substring(0, equals);
      if (!PARAMETERS.contains(name) || equals < 0) {
        throw new Fault.Invalid(
                "A parameter of the database",
                name,
                "one of `" + String.join("`, `", PARAMETERS) + "`, each with a value",
                Nearest.hint(name, PARAMETERS))
            .asException();
      }
      parameters.put(name, decoded(pair.substring(equals + 1)));
    }
    return parameters;
  }

  private static String decoded(String text) {
    try {
      // A plus sign is itself here, other than in a form.
      return URLDecoder.decode(text.replace("+", "%2B"), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw new Fault.Invalid(
              "A part of the database's URL", "…", "`%` followed by two hexadecimal digits")
          .asException();
    }
  }

  /// The same with another password.
  PostgresAddress with(String other) {
    return new PostgresAddress(hosts, database, user, Optional.of(other), parameters);
  }

  /// The URL without its password, for messages and for `config explain`.
  public static String redacted(String url) {
    return url.replaceFirst("(://[^:@/?]*):.*@", "$1:***@")
        .replaceAll("(?i)(pass[a-z]*=)[^&]*", "$1***");
  }

  /// What the driver is given; user and password go beside it.
  String jdbcUrl() {
    return "jdbc:postgresql://" + hosts + "/" + encoded(database);
  }

  private static String encoded(String text) {
    return java.net.URLEncoder.encode(text, StandardCharsets.UTF_8).replace("+", "%20");
  }

  /// How people are told of it.
  @Override
  public String toString() {
    return "postgresql://" + user.map(name -> name + "@").orElse("") + hosts + "/" + database;
  }
}
