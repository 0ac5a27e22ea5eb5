package dev.dassie.remote;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.DigestSet;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Reach;
import dev.dassie.pipeline.PortablePipelines;
import dev.dassie.remote.ArchiveFormat.Frame;
import dev.dassie.remote.ArchiveFormat.Kind;
import dev.dassie.version.Portable;
import dev.dassie.version.RepoImport;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.DateTimeException;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Function;

/// Receives an archive: its chunks go into a session, its items into a spool, and all that can be
/// checked without a transaction is checked. For one import.
final class Intake {
  private final Versions versions;
  private final ChunkStore.Session session;
  private final DigestSet archived;
  private final ItemSpool spool;
  private final Optional<RepoName> as;
  private final Set<RepoName> repos = new HashSet<>();

  Intake(
      Versions versions,
      ChunkStore.Session session,
      DigestSet archived,
      ItemSpool spool,
      Optional<RepoName> as) {
    this.versions = versions;
    this.session = session;
    this.archived = archived;
    this.spool = spool;
    this.as = as;
  }

  /// Reads the archive to its end and returns how many chunks it has.
  long receive(ArchiveReader archive) throws IOException {
    long chunks = 0;
    boolean results = false;
    for (Optional<Frame> next = archive.next(); next.isPresent(); next = archive.next()) {
      Frame frame = next.get();
      if (frame.kind().isChunk()) {
        chunks += archived.add(put(frame)) ? 1 : 0;
        continue;
      }
      boolean misplaced =
          frame.kind() != Kind.VERSION && archive.scope() == ArchiveFormat.Scope.REPOS;
      if (misplaced || (results && frame.kind() == Kind.RESULTS)) {
        throw ArchiveReader.broken(archive.position(), "an item that has no place there");
      }
      results |= frame.kind() == Kind.RESULTS;
      sound(why -> ArchiveReader.broken(archive.position(), why), () -> item(frame));
      spool.add(frame.kind(), frame.bytes());
    }
    refuseName(archive.scope());
    return chunks;
  }

  private Digest put(Frame frame) {
    ChunkStore.Role role = frame.kind() == Kind.DATA ? ChunkStore.Role.DATA : ChunkStore.Role.TREE;
    return session.put(role, frame.bytes(), 0, frame.bytes().length);
  }

  private void item(Frame frame) {
    switch (frame.kind()) {
      case VERSION -> Portable.decode(frame.bytes()).repoName().ifPresent(repos::add);
      case PIPELINE -> PortablePipelines.check(frame.bytes());
      // The others are decoded when what they name is looked for.
      case JOB, RESULT, RESULTS, DATA, TREE, END -> {}
    }
  }

  private void refuseName(ArchiveFormat.Scope scope) {
    if (as.isPresent() && (scope == ArchiveFormat.Scope.INSTANCE || repos.size() != 1)) {
      String found =
          scope == ArchiveFormat.Scope.INSTANCE ? "a whole instance" : repos.size() + " repos";
      throw new Fault.Invalid(
              "The archive",
              "one of " + found,
              "one of a single repo, to be imported as `" + as.get() + "`",
              Optional.of("Without `--as` every repo keeps its name."))
          .asException();
    }
  }

  /// Refuses an archive that lacks a chunk of what it tells of, and keeps the records of what is
  /// new among the chunks, so that the database can be rebuilt.
  void check() {
    try (Closure closure = new Closure(this::archived, versions.spillFolder(), new Checked())) {
      spool.each(item -> {
        sound(why -> ArchiveReader.refusal("damaged: " + why), () -> closure.of(item));
        if (item.kind() == Kind.VERSION) {
          Portable portable = named(Portable.decode(item.bytes()), as);
          if (versions.metadata().read(rows -> RepoImport.isNew(rows, portable))) {
            portable.keep(session);
          }
        }
      });
    }
  }

  /// Reads what came from outside: whatever breaks a decoder is the fault of the archive.
  private static void sound(Function<String, RuntimeException> refusal, Runnable reading) {
    try {
      reading.run();
    } catch (DassieException e) {
      throw e.fault() instanceof Fault.Corrupt || e.fault() instanceof Fault.Invalid
          ? refused(refusal, e)
          : e;
    } catch (DateTimeException
        | ArithmeticException
        | IllegalArgumentException
        | IndexOutOfBoundsException e) {
      throw refusal.apply("a record that cannot be read");
    }
  }

  /// A refusal of the archive itself says enough.
  private static RuntimeException refused(
      Function<String, RuntimeException> refusal, DassieException e) {
    return e.fault() instanceof Fault.Invalid(String field, var _, var _, var _)
            && field.equals(ArchiveReader.SUBJECT)
        ? e
        : refusal.apply(e.fault().message());
  }

  /// The item under the name that its repo gets here.
  static Portable named(Portable item, Optional<RepoName> as) {
    return as.isPresent() ? item.renamed(old -> as.get()) : item;
  }

  /// A chunk of the archive: what only this instance has is not to be had by naming it.
  private byte[] archived(Digest id) {
    need(id);
    return session.read(id);
  }

  private void need(Digest id) {
    if (!archived.contains(id)) {
      throw ArchiveReader.refusal("damaged: it lacks the chunk " + id);
    }
  }

  private final class Checked implements Closure.Sink {
    @Override
    public void files(Fileset files) {
      if (!files.equals(Filesets.EMPTY)) {
        Reach.check(files, archived(files.content()));
      }
    }

    @Override
    public void node(Digest id, byte[] bytes) {
      Reach.check(id, bytes);
    }

    @Override
    public void data(Digest id) {
      need(id);
    }
  }
}
