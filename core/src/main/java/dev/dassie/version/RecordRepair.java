package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.time.Instant;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Brings lost records back from the commit records among the tree chunks, into a database that has
/// all others. What no commit record says stays lost: open and failed commits, branches without a
/// finished commit, edits of metadata after a commit finished. For one use, by one thread.
final class RecordRepair {
  /// Lost records that are looked for at once.
  static final int MAX = 10_000;

  private static final int PAGE = 1_000;

  private final Metadata metadata;
  private final Set<RecordHole.Lost> lost;

  /// The newest record that says what is lost.
  private final Map<RecordHole.Lost, CommitRecord> found = new HashMap<>();

  /// The places in history of lost commits.
  private final Map<CommitName, Long> orders = new HashMap<>();

  RecordRepair(Metadata metadata, Set<RecordHole.Lost> lost) {
    this.metadata = metadata;
    this.lost = Set.copyOf(lost);
  }

  /// Returns how many records came back.
  long run(Iterator<Digest> treeChunks, ChunkReader chunks) {
    while (treeChunks.hasNext()) {
      read(chunks, treeChunks.next())
          .filter(CommitRecord::isRecord)
          .map(CommitRecord::decode)
          .ifPresent(this::note);
    }
    noteOrders();
    Set<RecordHole.Lost> left = new HashSet<>(found.keySet());
    long repaired = 0;
    // Parents come before children, repos before refs: what cannot be placed yet waits for a turn.
    for (long placed = 1; placed > 0 && !left.isEmpty(); repaired += placed) {
      placed = 0;
      for (RecordHole.Lost one : List.copyOf(left)) {
        if (metadata.write(rows -> place(rows, one))) {
          left.remove(one);
          placed++;
        }
      }
    }
    return repaired;
  }

  /// A chunk that is damaged says nothing.
  private static Optional<byte[]> read(ChunkReader chunks, Digest id) {
    try {
      return Optional.of(chunks.read(id));
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.Corrupt) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void note(CommitRecord record) {
    note(new RecordHole.LostProject(record.project().name()), record);
    note(new RecordHole.LostRepo(record.repo().name()), record);
    switch (record) {
      case CommitRecord.OfCommit commit -> {
        note(commit);
        note(new RecordHole.LostRef(commit.branch().name()), record);
      }
      case CommitRecord.OfTag tag -> note(new RecordHole.LostRef(tag.tag().name()), record);
      case CommitRecord.OfRemoved _ -> {}
    }
  }

  private void note(CommitRecord.OfCommit record) {
    RecordHole.Lost one = new RecordHole.LostCommit(record.commit().name());
    if (lost.contains(one)) {
      found.merge(one, record, (old, now) -> Rebuild.isLater(now, old) ? now : old);
    }
  }

  private void note(RecordHole.Lost one, CommitRecord record) {
    if (lost.contains(one)) {
      found.merge(one, record, (old, now) -> at(now).isAfter(at(old)) ? now : old);
    }
  }

  private static Instant at(CommitRecord record) {
    return switch (record) {
      case CommitRecord.OfCommit commit ->
          commit.commit().state() instanceof Commit.Finished finished
              ? finished.at()
              : commit.commit().started();
      case CommitRecord.OfTag tag -> tag.tag().created();
      case CommitRecord.OfRemoved removed -> removed.stub().deletedAt();
    };
  }

  /// A commit's place is that of the event of its start: its index rows have it, else the feed.
  private void noteOrders() {
    Set<CommitName> wanted = new HashSet<>();
    found
        .keySet()
        .forEach(one -> {
          if (one instanceof RecordHole.LostCommit(CommitName commit)) {
            order(commit)
                .ifPresentOrElse(order -> orders.put(commit, order), () -> wanted.add(commit));
          }
        });
    long position = 0;
    while (!wanted.isEmpty()) {
      List<Metadata.Event> page = metadata.events(position, PAGE);
      for (Metadata.Event event : page) {
        Event told = Event.decode(event.value());
        if (told.kind().equals(Event.COMMIT_STARTED)) {
          told.commitName()
              .filter(wanted::remove)
              .ifPresent(commit -> orders.put(commit, event.position()));
        }
      }
      if (page.isEmpty()) {
        return;
      }
      position = page.getLast().position();
    }
  }

  private Optional<Long> order(CommitName commit) {
    return metadata.read(rows ->
        new Snapshot(rows)
            .all(Tables.BY_SET, commit.id() + "/").stream()
                .filter(row -> Snapshot.text(row).equals(commit.key()))
                .map(row -> Long.parseUnsignedLong(Tables.last(row.name()), 16))
                .findFirst());
  }

  /// Writes a record back, and says whether it was; one that is there again is left alone.
  private boolean place(Metadata.Writer rows, RecordHole.Lost one) {
    CommitRecord record = Optional.ofNullable(found.get(one)).orElseThrow();
    Change change = new Change(rows, Call.SYSTEM, new CommitId("0".repeat(32)), at(record));
    return switch (one) {
      case RecordHole.LostProject(String project) ->
          change.snapshot().project(project).isEmpty()
              && put(
                  change,
                  Tables.project(project),
                  Tables.encode(record.project(), Wire::writeProject));
      case RecordHole.LostRepo(RepoName repo) ->
          change.snapshot().repo(repo).isEmpty()
              && put(change, Tables.repo(repo), Tables.encode(record.repo(), Wire::writeRepo));
      case RecordHole.LostCommit(CommitName _) ->
          record instanceof CommitRecord.OfCommit commit && placeCommit(change, commit);
      case RecordHole.LostRef(BranchName ref) ->
          change.snapshot().ref(ref).isEmpty() && placeRef(change, ref, record);
    };
  }

  private static boolean put(Change change, Metadata.Key key, byte[] value) {
    change.put(key, value);
    return true;
  }

  private boolean placeCommit(Change change, CommitRecord.OfCommit record) {
    Snapshot snapshot = change.snapshot();
    CommitName name = record.commit().name();
    Optional<Long> order = Optional.ofNullable(orders.get(name));
    Optional<CommitId> before = Rebuild.standing(snapshot, name.repo(), record.commit().parent());
    Optional<CommitRow> parent =
        before.flatMap(id -> snapshot.commit(new CommitName(name.repo(), id)));
    if (snapshot.commit(name).isPresent()
        || snapshot.stub(name).isPresent()
        || order.isEmpty()
        || parent.isPresent() != before.isPresent()) {
      return false;
    }
    Commit placed = Rebuild.withParent(record.commit(), before);
    change.commits().write(change.commits().place(placed, order.get(), record.output(), parent));
    record.merged().ifPresent(other -> change.commits().merged(name, other));
    change.append(Event.of(Event.COMMIT_CHANGED, placed, change.call(), change.now()));
    return true;
  }

  private static boolean placeRef(Change change, BranchName name, CommitRecord record) {
    Optional<CommitId> head = head(change.snapshot(), name);
    Ref ref =
        switch (record) {
          case CommitRecord.OfTag tag -> tag.tag();
          case CommitRecord.OfCommit commit -> headed(commit.branch(), head);
          case CommitRecord.OfRemoved _ -> throw new IllegalStateException();
        };
    change.put(Tables.ref(name), Tables.encodeRef(ref));
    change.append(Event.of(Event.BRANCH_CHANGED, name, ref.head(), change.call(), change.now()));
    return true;
  }

  private static Ref.Branch headed(Ref.Branch recorded, Optional<CommitId> head) {
    return new Ref.Branch(
        recorded.name(),
        head,
        recorded.provenance(),
        recorded.pipeline(),
        recorded.author(),
        recorded.created(),
        recorded.metadata());
  }

  /// What the index says is the head, else the newest finished commit.
  private static Optional<CommitId> head(Snapshot snapshot, BranchName name) {
    for (Row row : snapshot.all(Tables.HEAD_OF, name.repo().key() + "/")) {
      if (Tables.last(row.name()).equals(name.branch())) {
        String commit = row.name().substring(0, row.name().lastIndexOf('/'));
        return Optional.of(Tables.commitName(commit).id());
      }
    }
    return snapshot.finished(name).map(row -> row.name().id());
  }
}
