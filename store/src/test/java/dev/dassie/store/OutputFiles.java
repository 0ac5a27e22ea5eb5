package dev.dassie.store;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// Outputs of jobs, in memory, for what brings them elsewhere.
public final class OutputFiles implements AutoCloseable {
  public final Packs chunks;
  private final Path folder;

  public OutputFiles(Path folder) throws IOException {
    this.folder = folder;
    this.chunks =
        new Packs(new MemoryObjectStore(), Files.createDirectories(folder.resolve("index")));
  }

  /// An output of these files: path, text, path, text.
  public Fileset of(String... pathsAndTexts) {
    try (ChunkStore.Session session = chunks.session();
        Edits edits = new Edits(folder)) {
      Filesets files = new Filesets(session);
      for (int i = 0; i < pathsAndTexts.length; i += 2) {
        byte[] text = pathsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
        Body body = files.write(new ByteArrayInputStream(text), session);
        edits.add(new Edit.Put(FilePath.parse(pathsAndTexts[i]), false, body, Optional.empty()));
      }
      Fileset made = files.apply(Filesets.EMPTY, edits, session);
      session.publish();
      return made;
    }
  }

  @Override
  public void close() {
    chunks.close();
  }
}
