package dev.dassie.server.console;

import dev.dassie.api.Percent;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.server.console.preview.Kind;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Shown;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;

/// The bytes of files, to be kept or to be shown within a page. They are somebody's: whatever they
/// hold, a browser runs none of it, and shows it apart from the console.
final class RawFiles {
  /// Nothing runs and nothing is loaded; of a page its own styles and images apply.
  static final String POLICY =
      "sandbox; default-src 'none'; img-src data:; style-src 'unsafe-inline';"
          + " frame-ancestors 'self'; base-uri 'none'; form-action 'none'";

  private final Versions versions;

  RawFiles(Versions versions) {
    this.versions = versions;
  }

  List<Route> routes() {
    return List.of(
        Route.page(
            "GET", "/data/{project}/{repo}/{commit}/raw", List.of("path", "as"), this::send));
  }

  private void send(Exchange exchange) throws IOException {
    FilePath path = Place.file(exchange);
    Shown shown = Shown.open(exchange, versions);
    if (!(shown.entry(path) instanceof Entry.File file)) {
      throw new Fault.Invalid("The path", path + "/", "a file, not a directory").asException();
    }
    String as = Screen.kept(exchange, "as");
    String type =
        switch (as) {
          case "" -> "application/octet-stream";
          case "image" -> Kind.imageType(path.name()).orElse("application/octet-stream");
          case "page" -> "text/html; charset=utf-8";
          default ->
              throw new Fault.Invalid("The query parameter `as`", as, "`image` or `page`")
                  .asException();
        };
    exchange.header("Content-Security-Policy", POLICY);
    exchange.header("Cross-Origin-Resource-Policy", "same-origin");
    exchange.header("Cache-Control", "no-cache");
    if (as.isEmpty()) {
      exchange.header(
          "Content-Disposition", "attachment; filename*=UTF-8''" + Percent.encode(path.name()));
    }
    OutputStream out = exchange.replyBytes(type, file.size());
    if (exchange.isHead()) {
      exchange.replyHead();
      return;
    }
    try (InputStream in = shown.reader().open(file.body())) {
      in.transferTo(out);
    }
    out.close();
  }
}
