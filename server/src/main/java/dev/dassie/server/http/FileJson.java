package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.content.Outside;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Chunk;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import tools.jackson.databind.node.ObjectNode;

/// Files, directories and differences as JSON.
final class FileJson {
  private FileJson() {}

  /// Paths begin with a slash; those of directories end with one.
  static ObjectNode entry(Entry entry) {
    return switch (entry) {
      case Entry.File file -> {
        ObjectNode json =
            json(file.path().toString(), "file", file).put("executable", file.executable());
        if (file.body() instanceof Body.Reference(Outside outside)) {
          json.putObject("reference")
              .put("location", outside.location())
              .put("version", outside.version());
        }
        yield json;
      }
      case Entry.Directory directory ->
          json(directoryPath(directory), "directory", directory).put("files", directory.files());
    };
  }

  /// The same with the content type, where the file was given one.
  static ObjectNode entry(Entry entry, Fileset files, Filesets reader) {
    ObjectNode json = entry(entry);
    if (entry instanceof Entry.File file) {
      reader
          .contentType(files, file.path())
          .ifPresent(contentType -> json.put("content_type", contentType));
    }
    return json;
  }

  private static ObjectNode json(String path, String kind, Entry entry) {
    return Json.object()
        .put("path", path)
        .put("kind", kind)
        .put("size_bytes", entry.size())
        .put("hash", entry.hash().toString());
  }

  private static String directoryPath(Entry.Directory directory) {
    return directory.path().isRoot() ? "/" : directory.path() + "/";
  }

  static ObjectNode chunk(Chunk chunk) {
    return Json.object()
        .put("offset", chunk.offset())
        .put("size_bytes", chunk.size())
        .put("sha256", chunk.digest().toString());
  }

  static ObjectNode difference(Difference difference) {
    String change =
        difference.old().isEmpty() ? "added" : difference.now().isEmpty() ? "removed" : "changed";
    ObjectNode json = Json.object().put("path", difference.path().toString()).put("change", change);
    json.set("old", difference.old().map(FileJson::entry).orElse(null));
    json.set("new", difference.now().map(FileJson::entry).orElse(null));
    return json;
  }
}
