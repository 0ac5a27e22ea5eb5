package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/// Repos of small files, and the datums that an input makes of them.
abstract class InputsOnDisk {
  private static final CommitId COMMIT = new CommitId("a".repeat(32));

  @TempDir Path folder;
  Packs chunks;
  ChunkStore.Session scratch;
  final Map<BranchName, Datums.Source> sources = new LinkedHashMap<>();

  @BeforeEach
  void open() {
    chunks = new Packs(new MemoryObjectStore(), folder.resolve("index"));
    scratch = chunks.session();
  }

  @AfterEach
  void close() {
    scratch.close();
    chunks.close();
  }

  List<Datum> datums(Input input) {
    List<Datum> found = new ArrayList<>();
    new Datums(scratch).of(input, sources).forEachRemaining(found::add);
    return found;
  }

  /// The paths of each datum, with a space between them.
  List<String> paths(Input input) {
    return datums(input).stream().map(InputsOnDisk::paths).toList();
  }

  static String paths(Datum datum) {
    return String.join(" ", datum.parts().stream().map(part -> part.path().toString()).toList());
  }

  /// Files on `master` of a repo, each with its path as content.
  void put(String repo, String... paths) {
    sources.put(Specs.master(repo), source(paths));
  }

  Datums.Source source(String... paths) {
    Map<String, String> files = new HashMap<>();
    for (String path : paths) {
      files.put(path, path);
    }
    return sourceOf(files);
  }

  /// Files by their paths; of long contents the end.
  Datums.Source sourceOf(Map<String, String> contents) {
    try (ChunkStore.Session session = chunks.session();
        Edits edits = new Edits(folder)) {
      contents.forEach((path, content) -> {
        String end = content.substring(Math.max(0, content.length() - 100));
        Body body = new Body.Inline(end.getBytes(StandardCharsets.UTF_8));
        edits.add(new Edit.Put(new FilePath(path), false, body, Optional.empty()));
      });
      Fileset files = new Filesets(session).apply(Filesets.EMPTY, edits, session);
      session.publish();
      return new Datums.Source(COMMIT, files);
    }
  }
}
