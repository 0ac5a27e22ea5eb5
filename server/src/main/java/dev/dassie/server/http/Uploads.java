package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import tools.jackson.databind.node.ObjectNode;

/// Source directories that were uploaded and wait for the spec that names them. Kept as long as the
/// server runs, the newest 1,000 of them: a client uploads right before it sends the spec.
/// Thread-safe.
final class Uploads {
  private static final int KEPT = 1000;
  private static final Pattern GIT =
      Pattern.compile("commit=([0-9a-f]{40}|[0-9a-f]{64});\\s*dirty=(true|false)");

  private final Versions versions;
  private final Map<String, Upload> kept =
      new LinkedHashMap<>() {
        @Override
        protected boolean removeEldestEntry(Map.Entry<String, Upload> eldest) {
          return size() > KEPT;
        }
      };

  /// @param facts JSON that says which commit of git it is, if it is one
  record Upload(Fileset files, Optional<String> facts) {}

  Uploads(Versions versions) {
    this.versions = versions;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/filesets", "upload_fileset", "Takes the source of a pipeline, a tar.")
            .taking(Route.Body.TAR)
            .created("Uploaded", this::take));
  }

  /// The upload of an id.
  synchronized Upload get(String id) {
    return Optional.ofNullable(kept.get(id))
        .orElseThrow(() ->
            new Fault.NotFound("uploaded fileset", id, Optional.of("Upload the source again."))
                .asException());
  }

  /// What is kept, newest or not: nothing else keeps its bytes from being collected.
  synchronized List<Fileset> kept() {
    return kept.values().stream().map(Upload::files).toList();
  }

  private void take(Exchange exchange) throws IOException {
    Optional<String> facts = exchange.header("Dassie-Git").map(Uploads::facts);
    boolean gzip = TarResource.isGzip(exchange);
    String id = newId();
    Fileset files;
    try (ChunkStore.Session session = versions.chunks().session();
        Edits edits = new Edits(versions.spillFolder())) {
      Filesets filesets = new Filesets(session);
      long _ =
          new TarReader(exchange.body(), gzip)
              .read((path, executable, bytes) ->
                  edits.add(
                      new Edit.Put(
                          path, executable, filesets.write(bytes, session), Optional.empty())));
      files = filesets.apply(Filesets.EMPTY, edits, session);
      session.publish();
      // Before the session ends: from here on it is this map that keeps the files.
      keep(id, new Upload(files, facts));
    }
    exchange.reply(json(id, files));
  }

  private synchronized void keep(String id, Upload upload) {
    kept.put(id, upload);
  }

  /// Offers what is there already, as if it had been uploaded.
  ObjectNode offer(Entry.Directory directory, Optional<String> facts) {
    String id = newId();
    try (ChunkStore.Session session = versions.chunks().session()) {
      Fileset files = new Filesets(session).of(directory, session);
      session.publish();
      keep(id, new Upload(files, facts));
      return json(id, files);
    }
  }

  private static String newId() {
    return UUID.randomUUID().toString().replace("-", "");
  }

  private static ObjectNode json(String id, Fileset files) {
    return Json.object()
        .put("id", id)
        .put("hash", files.hash().toString())
        .put("files", files.files())
        .put("size_bytes", files.size());
  }

  private static String facts(String header) {
    Matcher git = GIT.matcher(header);
    if (!git.matches()) {
      throw new Fault.Invalid(
              "The header `Dassie-Git`",
              header,
              "`commit=` and 40 hex digits, `;dirty=true` or `;dirty=false`")
          .asException();
    }
    return Json.compact(
        Json.object()
            .put("git_commit", git.group(1))
            .put("git_dirty", Boolean.parseBoolean(git.group(2))));
  }
}
