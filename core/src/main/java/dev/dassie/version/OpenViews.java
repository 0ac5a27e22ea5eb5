package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Unchanged;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What open commits hold: their base with the journal applied, in memory. A view that was asked
/// for before is brought up to date with the rows that came since. Thread-safe.
final class OpenViews {
  /// Views that are remembered; a forgotten one is computed again.
  private static final int MAX_VIEWS = 32;

  /// Views that are given out again without a look at the database while no journal is written.
  /// These may be large ones.
  private static final int MAX_CURRENT = 4;

  /// A view whose nodes take more than this is not remembered: computing it again from the base
  /// leaves the nodes of the steps between behind.
  private static final long MAX_BYTES = 16 << 20;

  /// What all of them take at most; those that were not used for longest go first.
  private static final long MAX_ALL = 64 << 20;

  /// Chunks whose decoded nodes the readers of a view share, in bytes.
  private static final long KEPT_NODES = 2 << 20;

  private final ChunkStore chunks;
  private final Path spillFolder;
  private final Map<CommitName, View> remembered = new LinkedHashMap<>();
  private final Unchanged<CommitName, Optional<View>> current;

  OpenViews(Metadata metadata, ChunkStore chunks, Path spillFolder) {
    this.chunks = chunks;
    this.spillFolder = spillFolder;
    this.current = new Unchanged<>(metadata, MAX_CURRENT);
  }

  /// The files of an open commit after the journal rows before `state.next`.
  ///
  /// @param reader reads the files; shared by the views that are made from one another
  record View(
      Fileset base, Journal.State state, Fileset files, Overlay.Chunks nodes, SharedReader reader) {
    /// The view after more rows.
    View after(Journal.State later, Fileset then) {
      return new View(base, later, then, nodes, reader);
    }
  }

  private record Read(
      Fileset base, Journal.State state, Optional<View> start, List<Journal.Noted> entries) {}

  /// The view of a commit; nothing of one that is not open any more.
  Optional<View> of(CommitName name) {
    Optional<View> old = recall(name);
    return current.get(
        name, rows -> read(rows, name, old), read -> read.map(found -> made(name, found)));
  }

  private static Optional<Read> read(Metadata.Reader rows, CommitName name, Optional<View> old) {
    Snapshot snapshot = new Snapshot(rows);
    Commit commit = snapshot.needCommit(name).commit();
    if (!(commit.state() instanceof Commit.Open open)) {
      return Optional.empty();
    }
    Journal.State state = Journal.state(snapshot, name);
    Optional<View> start =
        old.filter(view -> view.base().equals(open.base()) && view.state().next() <= state.next());
    long from = start.map(view -> view.state().next()).orElse(0L);
    return Optional.of(new Read(open.base(), state, start, Journal.entries(snapshot, name, from)));
  }

  private View made(CommitName name, Read read) {
    View start = read.start().orElseGet(() -> begin(read.base()));
    Fileset files = start.files();
    if (!read.entries().isEmpty()) {
      Overlay session = new Overlay(start.nodes(), chunks);
      files = apply(files, Journal.edits(read.entries(), session), session);
    }
    View view = start.after(read.state(), files);
    remember(name, view);
    return view;
  }

  private View begin(Fileset base) {
    Overlay.Chunks nodes = new Overlay.Chunks();
    SharedReader reader = new SharedReader(new Overlay(nodes, chunks), KEPT_NODES);
    return new View(base, Journal.State.EMPTY, base, nodes, reader);
  }

  /// A tree with edits applied, its nodes in the session.
  Fileset apply(Fileset base, List<Edit> edits, ChunkStore.Session session) {
    try (Edits sorted = new Edits(spillFolder)) {
      edits.forEach(sorted::add);
      return new Filesets(session).apply(base, sorted, session);
    }
  }

  void remember(CommitName name, View view) {
    synchronized (remembered) {
      remembered.remove(name);
      if (view.nodes().bytes().get() <= MAX_BYTES) {
        remembered.put(name, view);
      }
      while (remembered.size() > 1 && (remembered.size() > MAX_VIEWS || bytes() > MAX_ALL)) {
        remembered.remove(remembered.keySet().iterator().next());
      }
    }
  }

  private long bytes() {
    return remembered.values().stream().mapToLong(view -> view.nodes().bytes().get()).sum();
  }

  void forget(CommitName name) {
    synchronized (remembered) {
      remembered.remove(name);
    }
  }

  private Optional<View> recall(CommitName name) {
    synchronized (remembered) {
      return Optional.ofNullable(remembered.get(name));
    }
  }
}
