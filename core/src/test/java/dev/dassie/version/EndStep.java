package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import java.util.TreeMap;

/// Ends an open commit: what a user finishes, what a job writes, or a failure.
final class EndStep extends Step {
  private final String target;
  private final boolean fails;
  private Optional<CommitName> commit = Optional.empty();

  EndStep(String name, String target, boolean fails) {
    super(name);
    this.target = target;
    this.fails = fails;
  }

  @Override
  boolean expect(Picture picture) {
    Picture.Known known = picture.commits.get(target);
    if (known == null || !known.open()) {
      return false;
    }
    if (fails) {
      picture.commits.put(target, known.with("failed", new TreeMap<>()));
      return true;
    }
    for (String source : known.provenance()) {
      Picture.Known made = picture.commits.get(source.substring(0, source.indexOf(" by ")));
      if (made.open()) {
        return false;
      }
    }
    TreeMap<String, String> files = new TreeMap<>(known.files());
    if (known.output()) {
      files.clear();
      files.put("result", result());
    }
    picture.commits.put(target, known.with("finished", files));
    return true;
  }

  private String result() {
    return ("computed for " + target + "\n").repeat(20);
  }

  @Override
  void run(Instance instance) {
    // As the doors do: an answer that is known is given without a look at the commit.
    if (instance.versions().remembered(quiet(), Reply.COMMIT).isPresent()) {
      return;
    }
    CommitName name = commit.orElseGet(() -> instance.find(target));
    commit = Optional.of(name);
    boolean output =
        instance
            .versions()
            .ask(snapshot -> snapshot.commit(name).filter(CommitRow::output).isPresent());
    if (fails) {
      instance.versions().change(quiet(), Reply.COMMIT, change -> change.fail(name, "exit code 1"));
    } else if (output) {
      write(instance, name);
    } else {
      Commit _ = instance.files().finish(quiet(), name);
    }
  }

  /// As a job does: files and record in one pack, then the transaction.
  private void write(Instance instance, CommitName name) {
    try (ChunkStore.Session session = instance.packs().session();
        Edits edits = new Edits(instance.versions().spillFolder())) {
      Filesets filesets = new Filesets(session);
      byte[] bytes = result().getBytes(StandardCharsets.ISO_8859_1);
      edits.add(
          new Edit.Put(
              new FilePath("result"),
              false,
              filesets.write(new ByteArrayInputStream(bytes), session),
              Optional.empty()));
      Fileset files = filesets.apply(Filesets.EMPTY, edits, session);
      Sealed ready = instance.versions().seal(session, name, files);
      session.publish();
      instance.versions().change(quiet(), Reply.COMMIT, change -> change.finish(ready));
    }
  }
}
