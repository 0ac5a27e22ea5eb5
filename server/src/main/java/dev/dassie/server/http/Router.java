package dev.dassie.server.http;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;

/// Finds the route of a request: by the number of its path's segments, then by the literal ones.
/// Where two fit, the one with the earlier literal wins. Immutable, thread-safe.
public final class Router {
  private final List<Route> routes;
  private final Map<Integer, List<Candidate>> byLength = new HashMap<>();

  /// What was found: a route with the values of its path parameters, or the methods that the path
  /// has where the request's is not among them (empty: no such path).
  public record Found(Optional<Route> route, Map<String, String> parameters, List<String> methods) {
    public Found {
      methods = List.copyOf(methods);
    }
  }

  private record Candidate(Route route, List<String> segments) {}

  public Router(List<Route> routes) {
    this.routes = List.copyOf(routes);
    for (Route route : routes) {
      List<String> segments = segments(route.template());
      byLength
          .computeIfAbsent(segments.size(), size -> new ArrayList<>())
          .add(new Candidate(route, segments));
    }
    for (List<Candidate> candidates : byLength.values()) {
      // Literals (no brace) before parameters, segment by segment.
      candidates.sort((a, b) -> {
        for (int i = 0; i < a.segments().size(); i++) {
          boolean left = isParameter(a.segments().get(i));
          boolean right = isParameter(b.segments().get(i));
          if (left != right) {
            return left ? 1 : -1;
          }
        }
        return 0;
      });
    }
  }

  /// All routes, in the order they were given.
  public List<Route> routes() {
    return routes;
  }

  /// Finds the route of a raw path (still percent-encoded). `HEAD` is answered by `GET`.
  public Found find(String method, String rawPath) {
    String wanted = method.equals("HEAD") ? "GET" : method;
    List<String> path = segments(rawPath);
    TreeSet<String> methods = new TreeSet<>();
    for (Candidate candidate : byLength.getOrDefault(path.size(), List.of())) {
      if (matches(candidate.segments(), path)) {
        methods.add(candidate.route().method());
        if (candidate.route().method().equals(wanted)) {
          return new Found(
              Optional.of(candidate.route()), values(candidate.segments(), path), List.of());
        }
      }
    }
    return new Found(Optional.empty(), Map.of(), List.copyOf(methods));
  }

  private static List<String> segments(String path) {
    return List.of(path.substring(path.startsWith("/") ? 1 : 0).split("/", -1));
  }

  private static boolean isParameter(String segment) {
    return segment.startsWith("{");
  }

  private static boolean matches(List<String> template, List<String> path) {
    for (int i = 0; i < path.size(); i++) {
      boolean fits =
          isParameter(template.get(i))
              ? !path.get(i).isEmpty()
              : template.get(i).equals(path.get(i));
      if (!fits) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, String> values(List<String> template, List<String> path) {
    Map<String, String> values = new LinkedHashMap<>();
    for (int i = 0; i < path.size(); i++) {
      String segment = template.get(i);
      if (isParameter(segment)) {
        values.put(
            segment.substring(1, segment.length() - 1),
            RawText.decode("The URL", path.get(i), false));
      }
    }
    return values;
  }
}
