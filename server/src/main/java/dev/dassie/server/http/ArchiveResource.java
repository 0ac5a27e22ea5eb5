package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.remote.Archives;
import dev.dassie.version.RepoExport;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.OutputStream;
import java.util.List;
import java.util.Optional;
import java.util.stream.Stream;

/// Repos with their history, or a whole instance, as one stream.
final class ArchiveResource {
  private final Versions versions;
  private final Archives archives;

  ArchiveResource(Versions versions, Archives archives) {
    this.versions = versions;
    this.archives = archives;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
                "/api/v1/archive",
                "export_archive",
                "An archive of repos with their history, or of all.")
            .text("repos", "`project/repo`, separated by commas; unless given the whole instance.")
            .bytes(Route.Form.BYTES, this::export),
        Route.post(
                "/api/v1/archive", "import_archive", "Takes an archive in, all of it or nothing.")
            .text("as", "`project/repo`: the name that the one repo of the archive gets here.")
            .taking(Route.Body.BYTES)
            .json("Imported", this::take));
  }

  private void export(Exchange exchange) throws IOException {
    Optional<List<RepoName>> names =
        exchange.text("repos").map(list -> RepoExport.check(versions, named(list)));
    OutputStream out = exchange.replyBytes("application/octet-stream", -1);
    if (exchange.isHead()) {
      exchange.replyHead();
      return;
    }
    if (names.isPresent()) {
      archives.write(names.get(), out);
    } else {
      archives.writeAll(out);
    }
    // Only now the reply ends: one that breaks off before must not look whole.
    out.close();
  }

  private static List<RepoName> named(String list) {
    return Stream.of(list.split(",")).map(ArchiveResource::name).toList();
  }

  private static RepoName name(String text) {
    return RepoName.parse(RepoName.DEFAULT_PROJECT, text);
  }

  private void take(Exchange exchange) throws IOException {
    Optional<RepoName> as = exchange.text("as").map(ArchiveResource::name);
    Archives.Imported imported = archives.read(exchange.call(), exchange.body(), as);
    exchange.reply(
        Json.object()
            .put("repos", imported.repos())
            .put("commits", imported.commits())
            .put("refs", imported.refs())
            .put("pipelines", imported.pipelines())
            .put("jobs", imported.jobs())
            .put("chunks", imported.chunks())
            .put("new_bytes", imported.bytes()));
  }
}
