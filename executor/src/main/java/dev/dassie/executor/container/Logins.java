package dev.dassie.executor.container;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/// What registries want to know before they give an image, from a file as `docker login` and
/// `podman login` write it: `{"auths": {"registry.example.org": {"auth": "…"}}}`. The file is read
/// anew each time. Immutable.
final class Logins {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final String HUB = "docker.io";
  private static final long LARGEST = 1 << 20;

  private final Optional<Path> file;

  Logins(Optional<Path> file) {
    this.file = file;
  }

  /// What goes with a call that fetches an image; nothing where its registry has no login.
  Optional<String> of(Reference image) {
    if (file.isEmpty()) {
      return Optional.empty();
    }
    Path path = file.get();
    try {
      if (Files.size(path) > LARGEST) {
        throw unreadable(path, "it is larger than 1 MiB");
      }
      JsonNode auths = JSON.readTree(Files.readAllBytes(path)).path("auths");
      return entry(auths, image).map(text -> header(registry(image), text, path));
    } catch (IOException e) {
      throw unreadable(path, String.valueOf(e.getMessage()));
    } catch (JacksonException e) {
      throw unreadable(path, "it is no JSON");
    }
  }

  /// The longest key that the name begins with; Docker's own registry goes by an old URL.
  private static Optional<String> entry(JsonNode auths, Reference image) {
    String name = registry(image).equals(HUB) ? HUB + "/" + image.name() : image.name();
    Optional<String> found = Optional.empty();
    int longest = 0;
    for (String key : auths.propertyNames()) {
      String plain = key.replaceFirst("^https?://", "").replaceFirst("/(v1|v2)?/?$", "");
      plain = plain.equals("index.docker.io") ? HUB : plain;
      if ((name.equals(plain) || name.startsWith(plain + "/")) && plain.length() > longest) {
        longest = plain.length();
        found = Optional.of(auths.path(key).path("auth").asString(""));
      }
    }
    return found.filter(text -> !text.isEmpty());
  }

  /// What stands before the first slash, where it can be a host.
  static String registry(Reference image) {
    int slash = image.name().indexOf('/');
    String first = slash < 0 ? "" : image.name().substring(0, slash);
    return first.contains(".") || first.contains(":") || first.equals("localhost") ? first : HUB;
  }

  private static String header(String registry, String auth, Path path) {
    String decoded;
    try {
      decoded = new String(Base64.getDecoder().decode(auth), StandardCharsets.UTF_8);
    } catch (IllegalArgumentException e) {
      throw unreadable(path, "the `auth` of `%s` is not in base64".formatted(registry));
    }
    int colon = decoded.indexOf(':');
    if (colon < 0) {
      throw unreadable(path, "the `auth` of `%s` has no colon".formatted(registry));
    }
    ObjectNode login =
        JSON.createObjectNode()
            .put("username", decoded.substring(0, colon))
            .put("password", decoded.substring(colon + 1))
            .put("serveraddress", registry);
    return Base64.getUrlEncoder().encodeToString(login.toString().getBytes(StandardCharsets.UTF_8));
  }

  private static DassieException unreadable(Path path, String reason) {
    return new Fault.Failed(
            "The logins in `%s` cannot be read: %s.".formatted(path, reason), Optional.empty())
        .asException();
  }
}
