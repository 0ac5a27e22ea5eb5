package dev.dassie.executor.container;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/// An image that the engine has.
///
/// @param id the engine's own name of it
/// @param digest what its registry calls it; the id where it came from none
/// @param platform such as `linux/amd64`
/// @param variables of all that runs in it
/// @param user who it wants to run as; empty for root
/// @param volumes folders in it that containers may write
record Image(
    String id,
    String digest,
    String platform,
    Map<String, String> variables,
    String user,
    Set<String> volumes) {
  Image {
    variables = Map.copyOf(variables);
    volumes = Set.copyOf(volumes);
  }

  /// Reads what the engine says of an image that goes by a name.
  static Image of(JsonNode json, Reference name) {
    String id = prefixed(json.path("Id").asString(""));
    JsonNode config = json.path("Config");
    Map<String, String> variables = new LinkedHashMap<>();
    for (JsonNode line : config.path("Env")) {
      String text = line.asString("");
      int equals = text.indexOf('=');
      if (equals > 0) {
        variables.put(text.substring(0, equals), text.substring(equals + 1));
      }
    }
    Set<String> volumes = new TreeSet<>(config.path("Volumes").propertyNames());
    String variant = json.path("Variant").asString("");
    return new Image(
        id,
        digest(json, name, id),
        json.path("Os").asString("linux")
            + "/"
            + json.path("Architecture").asString("")
            + (variant.isEmpty() ? "" : "/" + variant),
        variables,
        config.path("User").asString(""),
        volumes);
  }

  /// Podman leaves the kind of hash out.
  private static String prefixed(String id) {
    return id.startsWith("sha256:") ? id : "sha256:" + id;
  }

  /// An image may be in several registries, under a digest in each; the name says which one counts.
  private static String digest(JsonNode json, Reference name, String id) {
    List<String> digests =
        json.path("RepoDigests").valueStream().map(entry -> entry.asString("")).toList();
    String suffix = "/" + name.name() + "@";
    for (String entry : digests) {
      if (("/" + entry).startsWith(suffix) || ("/" + entry).contains(suffix)) {
        return entry.substring(entry.indexOf('@') + 1);
      }
    }
    return id;
  }

  /// The machine that it is for.
  String architecture() {
    String[] parts = platform.split("/", -1);
    return parts.length > 1 ? parts[1] : "";
  }
}
