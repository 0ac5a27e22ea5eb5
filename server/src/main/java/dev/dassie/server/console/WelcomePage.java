package dev.dassie.server.console;

import dev.dassie.content.Digest;
import java.nio.charset.StandardCharsets;
import java.util.Base64;

/// The page at `/`: what this is, and where things are. Without scripts, and nothing from outside.
public final class WelcomePage {
  private static final String STYLE =
      "body{font:16px/1.6 system-ui,sans-serif;max-width:42rem;margin:4rem auto;padding:0 1rem}"
          + "code{background:#8882;padding:.1rem .3rem;border-radius:.2rem}"
          + ":root{color-scheme:light dark}";

  private static final String PAGE =
      """
      <!doctype html>
      <html lang="en">
      <head>
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>Dassie</title>
      <style>{style}</style>
      </head>
      <body>
      <h1>Dassie {version}</h1>
      <p>Version control for data, and pipelines that recompute only what changed.</p>
      <p>This server is driven from the command line: <code>dassie --help</code> lists the commands,
      <code>dassie quickstart</code> makes a first repo and a first pipeline.</p>
      <ul>
      <li><a href="/api/v1/openapi.json">The HTTP API</a> (OpenAPI 3.1)</li>
      <li><a href="/api/v1/status">Status</a> and <a href="/api/v1/config">configuration</a></li>
      <li><a href="/api/v1/repos">Repos</a></li>
      <li><a href="/metrics">Metrics</a></li>
      </ul>
      </body>
      </html>
      """;

  private WelcomePage() {}

  /// The policy of the page: nothing may be loaded and nothing may run; of styles only the one
  /// within it applies, named by its digest (CSP level 3).
  public static String contentSecurityPolicy() {
    byte[] digest = Digest.of(STYLE.getBytes(StandardCharsets.UTF_8)).toBytes();
    return "default-src 'none'; style-src 'sha256-"
        + Base64.getEncoder().encodeToString(digest)
        + "'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'";
  }

  public static String html(String version) {
    return PAGE.replace("{style}", STYLE).replace("{version}", version);
  }
}
