package dev.dassie.version;

import dev.dassie.fileset.FilePath;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Puts, appends, deletes and copies of one writer. The writer may be opened, and given its bytes,
/// long before it commits: others come between.
final class PutStep extends Step {
  /// One operation on a path: `bytes` are put or appended; without them the path is deleted, and
  /// what `from` names is copied there.
  record Operation(String path, boolean append, Optional<String> bytes, Optional<Source> from) {}

  /// The directory `d0` of a finished commit.
  record Source(String commit, NavigableMap<String, String> files) {}

  private final String branch;
  private final List<Operation> operations;

  /// The writer of the process that opened it.
  private Optional<FileWriter> writer = Optional.empty();

  PutStep(String name, String branch, List<Operation> operations) {
    super(name);
    this.branch = branch;
    this.operations = operations;
  }

  @Override
  boolean expect(Picture picture) {
    if (!picture.repos.contains(branch.substring(0, branch.indexOf('@')))
        || picture.tags.containsKey(branch)
        || picture.isDerived(branch)) {
      return false;
    }
    Optional<Picture.Known> head = picture.head(branch);
    if (head.filter(Picture.Known::open).isPresent()) {
      if (head.get().output()) {
        return false;
      }
      String name = picture.branches.get(branch).head().orElseThrow();
      picture.commits.put(name, head.get().with("open", apply(head.get().files())));
      return true;
    }
    picture.insert(branch, List.of(), "finished", apply(picture.base(branch)), name);
    picture.propagate(Set.of(branch), Set.of(), PIPELINES, name);
    return true;
  }

  private NavigableMap<String, String> apply(NavigableMap<String, String> old) {
    NavigableMap<String, String> files = new TreeMap<>(old);
    for (Operation operation : operations) {
      String path = operation.path();
      if (operation.bytes().isPresent()) {
        String before = operation.append() ? files.getOrDefault(path, "") : "";
        files.put(path, before + operation.bytes().get());
        continue;
      }
      files.keySet().removeIf(file -> file.equals(path) || file.startsWith(path + "/"));
      operation
          .from()
          .ifPresent(
              from -> from.files().forEach((file, text) -> files.put(path + "/" + file, text)));
    }
    return files;
  }

  /// Opens the writer and hands it all it is to write.
  void open(Instance instance) {
    FileWriter opened = instance.files().write(call(), branch(branch));
    writer = Optional.of(opened);
    for (Operation operation : operations) {
      FilePath path = new FilePath(operation.path());
      if (operation.bytes().isPresent()) {
        byte[] bytes = operation.bytes().get().getBytes(StandardCharsets.ISO_8859_1);
        opened.put(
            path, false, new ByteArrayInputStream(bytes), operation.append(), Optional.empty());
      } else if (operation.from().isPresent()) {
        copy(instance, opened, path, operation.from().get().commit());
      } else {
        opened.delete(path);
      }
    }
  }

  private static void copy(Instance instance, FileWriter to, FilePath path, String from) {
    ReadView view = instance.versions().read(instance.find(from));
    to.copy(view.files(), new FilePath("d0"), path, false);
  }

  /// The writer is gone with its process.
  void forget() {
    writer = Optional.empty();
  }

  @Override
  void run(Instance instance) {
    if (writer.isEmpty() && isAnswered(instance)) {
      return;
    }
    try {
      if (writer.isEmpty()) {
        open(instance);
      }
      Commit _ = writer.orElseThrow().commit();
    } finally {
      close();
    }
  }

  /// As the doors do: an answer that is known is given without a look at what was to be copied.
  boolean isAnswered(Instance instance) {
    return instance.versions().remembered(call(), Reply.COMMIT).isPresent();
  }

  /// What it writes, for a group.
  Write ready(Instance instance) {
    open(instance);
    return writer.orElseThrow().ready(false);
  }

  void close() {
    writer.ifPresent(FileWriter::close);
    writer = Optional.empty();
  }
}
