package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Filesets in memory, and short ways to make and show them.
final class Trees {
  final CountingChunks chunks = new CountingChunks();
  final ChunkStore.Session session = chunks.session();
  Filesets files = new Filesets(chunks);

  /// Forgets the nodes that were read.
  void fresh() {
    files = new Filesets(chunks);
  }

  Edit put(String path, String content) {
    return new Edit.Put(FilePath.parse(path), false, body(content), Optional.empty());
  }

  Edit typed(String path, String content, String type) {
    return new Edit.Put(FilePath.parse(path), false, body(content), Optional.of(type));
  }

  Edit delete(String path) {
    return new Edit.Delete(FilePath.parse(path));
  }

  Body body(String content) {
    return files.write(new ByteArrayInputStream(content.getBytes(StandardCharsets.UTF_8)), session);
  }

  Fileset apply(Fileset base, Edit... edits) {
    try (Edits all = new Edits(Path.of("/nowhere"))) {
      for (Edit edit : edits) {
        all.add(edit);
      }
      return files.apply(base, all, session);
    }
  }

  /// Applies with so little memory that the edits spill.
  Fileset applySpilling(Fileset base, List<Edit> edits) {
    try {
      Path folder = Files.createTempDirectory("edits");
      try (Edits all = new Edits(folder, 20_000)) {
        edits.forEach(all::add);
        Fileset result = files.apply(base, all, session);
        if (folder.toFile().list().length < 10) {
          throw new AssertionError("too few runs to test the merge");
        }
        return result;
      } finally {
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// A tree of `count` small files whose paths are `pattern` of the number, or of its remainder by
  /// 37 and the number where there are two slots.
  Fileset many(String pattern, int count) {
    boolean two = pattern.indexOf('%') != pattern.lastIndexOf('%');
    Edit[] edits = new Edit[count];
    for (int i = 0; i < count; i++) {
      String path = two ? pattern.formatted(i % 37, i) : pattern.formatted(i);
      edits[i] = put(path, "content " + i);
    }
    return apply(Filesets.EMPTY, edits);
  }

  List<String> paths(Fileset set) {
    return walk(set, "", Optional.empty());
  }

  List<String> walk(Fileset set, String beneath, Optional<String> after) {
    List<String> paths = new ArrayList<>();
    files
        .walk(set, FilePath.parse(beneath), after.map(FilePath::parse))
        .forEachRemaining(file -> paths.add(file.path().value()));
    return paths;
  }

  /// `path=content` of every file.
  List<String> contents(Fileset set) {
    List<String> contents = new ArrayList<>();
    files
        .walk(set, FilePath.ROOT, Optional.empty())
        .forEachRemaining(file -> contents.add(file.path().value() + "=" + read(file.body())));
    return contents;
  }

  String read(Body body) {
    try {
      return new String(files.open(body).readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  List<String> diff(Fileset old, Fileset now, String beneath) {
    List<String> lines = new ArrayList<>();
    files
        .diff(old, now, FilePath.parse(beneath))
        .forEachRemaining(difference -> {
          String sign = "!";
          if (difference.old().isEmpty()) {
            sign = "+";
          } else if (difference.now().isEmpty()) {
            sign = "-";
          }
          lines.add(sign + " " + difference.path().value());
        });
    return lines;
  }

  List<String> glob(Fileset set, String glob, Optional<String> after) {
    List<String> paths = new ArrayList<>();
    files
        .glob(set, Glob.parse(glob), after.map(FilePath::parse))
        .forEachRemaining(entry ->
            paths.add(entry.path().value() + (entry instanceof Entry.Directory ? "/" : "")));
    return paths;
  }
}
