package dev.dassie.api;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// One call of the API, as a value; each `with` method answers a changed copy.
///
/// @param path below the API's base, its segments percent-encoded already
/// @param query pairs in order, not encoded yet
/// @param headers beside those that the client sets itself
/// @param timeout how long to wait for the head of the reply, and then for each piece of it; absent
///   for uploads, whose reply comes only after the body, and for what is followed
public record Request(
    String method,
    String path,
    List<Map.Entry<String, String>> query,
    Map<String, String> headers,
    Optional<Upload> body,
    Optional<Duration> timeout) {
  private static final Duration PATIENCE = Duration.ofMinutes(5);

  public Request {
    query = List.copyOf(query);
    headers = Map.copyOf(headers);
  }

  public static Request get(String path) {
    return of("GET", path);
  }

  public static Request delete(String path) {
    return of("DELETE", path);
  }

  public static Request post(String path) {
    return of("POST", path);
  }

  public static Request put(String path) {
    return of("PUT", path);
  }

  public static Request patch(String path) {
    return of("PATCH", path);
  }

  private static Request of(String method, String path) {
    return new Request(method, path, List.of(), Map.of(), Optional.empty(), Optional.of(PATIENCE));
  }

  /// With one more query pair.
  public Request with(String name, String value) {
    List<Map.Entry<String, String>> more = new ArrayList<>(query);
    more.add(Map.entry(name, value));
    return new Request(method, path, more, headers, body, timeout);
  }

  /// With one more query pair where there is a value.
  public Request with(String name, Optional<String> value) {
    return value.map(v -> with(name, v)).orElse(this);
  }

  /// With `name=true` where the flag is set.
  public Request flag(String name, boolean set) {
    return set ? with(name, "true") : this;
  }

  public Request header(String name, String value) {
    Map<String, String> more = new TreeMap<>(headers);
    more.put(name, value);
    return new Request(method, path, query, more, body, timeout);
  }

  /// With a JSON body.
  public Request json(JsonNode value) {
    return new Request(
        method,
        path,
        query,
        headers,
        Optional.of(Upload.text("application/json", Json.compact(value))),
        timeout);
  }

  /// With a body that streams; the reply may take as long as the body does.
  public Request upload(Upload upload) {
    return new Request(method, path, query, headers, Optional.of(upload), Optional.empty());
  }

  /// With no limit to how long the reply may take, or to its silence.
  public Request unlimited() {
    return new Request(method, path, query, headers, body, Optional.empty());
  }

  public Request within(Duration patience) {
    return new Request(method, path, query, headers, body, Optional.of(patience));
  }

  /// Whether the call may change something, so that it needs an idempotency key.
  boolean writes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  /// Path and query as they stand in the request line.
  String target() {
    StringBuilder target = new StringBuilder(path);
    char separator = '?';
    for (Map.Entry<String, String> pair : query) {
      target
          .append(separator)
          .append(Percent.encode(pair.getKey()))
          .append('=')
          .append(Percent.encode(pair.getValue()));
      separator = '&';
    }
    return target.toString();
  }
}
