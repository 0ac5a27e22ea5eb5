package dev.dassie.server.console;

import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.TreeMap;

/// The styles, scripts and signs of the console. Their address has the digest of them all, so a
/// browser keeps them until they change. Immutable, thread-safe.
final class Assets {
  private static final Map<String, String> TYPES =
      Map.of(
          "console.css", "text/css; charset=utf-8",
          "console.js", "text/javascript; charset=utf-8",
          "live.js", "text/javascript; charset=utf-8",
          "overview.js", "text/javascript; charset=utf-8",
          "theme.js", "text/javascript; charset=utf-8",
          "travel.js", "text/javascript; charset=utf-8",
          "upload.js", "text/javascript; charset=utf-8",
          "dassie.svg", "image/svg+xml");

  private final Map<String, byte[]> all = new TreeMap<>();
  private final String folder;

  Assets() {
    ByteArrayOutputStream together = new ByteArrayOutputStream();
    for (String name : TYPES.keySet().stream().sorted().toList()) {
      byte[] bytes = read(name);
      all.put(name, bytes);
      together.writeBytes(bytes);
    }
    folder = "/assets/" + Digest.of(together.toByteArray()).toString().substring(0, 16) + "/";
  }

  private static byte[] read(String name) {
    try (InputStream in = Objects.requireNonNull(Assets.class.getResourceAsStream(name), name)) {
      return in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The address of the folder, with a slash at its end.
  String folder() {
    return folder;
  }

  List<Route> routes() {
    return List.of(Route.page("GET", "/assets/{digest}/{name}", List.of(), this::send));
  }

  private void send(Exchange exchange) throws IOException {
    String name = exchange.path("name");
    byte[] bytes = all.get(name);
    if (bytes == null) {
      throw new Fault.NotFound("asset", name, Optional.empty()).asException();
    }
    // A page of another version of the server asks under another digest: that must not stay.
    boolean current = folder.equals("/assets/" + exchange.path("digest") + "/");
    exchange.header("Cache-Control", current ? "public, max-age=31536000, immutable" : "no-cache");
    OutputStream out = exchange.replyBytes(TYPES.getOrDefault(name, "text/plain"), bytes.length);
    if (exchange.isHead()) {
      exchange.replyHead();
      return;
    }
    out.write(bytes);
    out.close();
  }
}
