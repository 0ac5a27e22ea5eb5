package dev.dassie.version;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Builds the database again from the records in tree packs: projects, repos, branches with their
/// provenance and pipelines, tags, finished commits with parents and provenance.
///
/// What no record says is lost, and what only the database forgot comes back: open and failed
/// commits, branches without a finished commit, heads that were moved (a head is the newest commit
/// made on the branch), edits of metadata after a commit finished, deletions, remembered answers,
/// the feed of before, and the records of other rooms. A commit whose parent failed gets the
/// nearest finished one as parent.
public final class Rebuild {
  /// Records by name, then by age: rows that exist only while this runs.
  private static final String RECORDS = "rebuild_record";

  private static final String AGES = "rebuild_age";

  /// How often commits that began before their parents are tried again: a clock that went back.
  private static final int MAX_PASSES = 100;

  private final Metadata metadata;

  /// `metadata` must hold no repos; a database that does is refused by [#run].
  public Rebuild(Metadata metadata) {
    this.metadata = metadata;
  }

  /// Reads every chunk and writes what the records among them say. Returns the number of commits.
  /// Memory does not grow with their number.
  public long run(Iterator<Digest> treeChunks, ChunkReader chunks) {
    if (!metadata.read(rows -> rows.scan(Tables.REPO, "", "", 1)).isEmpty()) {
      throw new Fault.Conflict(
              "The database has repos; expected an empty one to rebuild into.", Optional.empty())
          .asException();
    }
    List<byte[]> found = new ArrayList<>();
    while (treeChunks.hasNext()) {
      byte[] chunk = chunks.read(treeChunks.next());
      if (CommitRecord.isRecord(chunk)) {
        found.add(chunk);
      }
      if (found.size() == Snapshot.BATCH || !treeChunks.hasNext()) {
        stage(found);
        found.clear();
      }
    }
    long commits = 0;
    boolean patient = true;
    for (int pass = 0; pass < MAX_PASSES; pass++) {
      long placed = pass(patient);
      commits += placed;
      if (staged().isEmpty()) {
        break;
      }
      // No more progress: what is left has lost its parent.
      patient = placed > 0;
    }
    return commits;
  }

  private void stage(List<byte[]> records) {
    boolean _ =
        metadata.write(rows -> {
          records.forEach(chunk -> stage(rows, chunk));
          return true;
        });
  }

  /// Of several records of one commit, tries of one writer, the last one counts.
  private static void stage(Metadata.Writer rows, byte[] chunk) {
    CommitRecord found = CommitRecord.decode(chunk);
    if (found instanceof CommitRecord.OfRemoved removed) {
      Stub stub = removed.stub();
      rows.put(Tables.stub(stub.commit().name()), Tables.encodeStub(stub));
      return;
    }
    Metadata.Key key = new Metadata.Key(RECORDS, name(found));
    Optional<byte[]> other = rows.get(key);
    if (other.isPresent()) {
      CommitRecord before = CommitRecord.decode(other.get());
      if (!isLater(found, before)) {
        return;
      }
      rows.delete(age(before));
    }
    rows.put(key, chunk);
    rows.put(age(found), Tables.NOTHING);
  }

  /// Places the records by age; without patience also those whose parent is not there.
  private long pass(boolean patient) {
    long placed = 0;
    String after = "";
    while (true) {
      String from = after;
      List<Row> batch = metadata.read(rows -> rows.scan(AGES, "", from, Snapshot.BATCH));
      if (batch.isEmpty()) {
        return placed;
      }
      placed +=
          metadata.write(
              rows -> batch.stream().filter(row -> place(rows, row.name(), patient)).count());
      after = batch.getLast().name();
    }
  }

  private List<Row> staged() {
    return metadata.read(rows -> rows.scan(AGES, "", "", 1));
  }

  private static boolean place(Metadata.Writer rows, String age, boolean patient) {
    Metadata.Key key = new Metadata.Key(RECORDS, age.substring(age.indexOf('/') + 1));
    CommitRecord found = CommitRecord.decode(rows.get(key).orElseThrow());
    Change change = new Change(rows, Call.SYSTEM, new CommitId("0".repeat(32)), at(found));
    boolean placed =
        switch (found) {
          case CommitRecord.OfCommit commit -> placeCommit(change, commit, patient);
          case CommitRecord.OfTag tag -> placeTag(change, tag, patient);
          case CommitRecord.OfRemoved _ -> true;
        };
    if (placed) {
      rows.delete(key);
      rows.delete(new Metadata.Key(AGES, age));
    }
    return placed
        && found instanceof CommitRecord.OfCommit commit
        && change.commit(commit.commit().name()).isPresent();
  }

  private static boolean placeTag(Change change, CommitRecord.OfTag found, boolean patient) {
    Ref.Tag tag = found.tag();
    CommitName commit = new CommitName(tag.name().repo(), tag.commit());
    boolean there = change.commit(commit).isPresent();
    if (there && change.ref(tag.name()).isEmpty()) {
      above(change, found);
      change.put(Tables.ref(tag.name()), Tables.encodeRef(tag));
      change.put(Tables.headOf(commit, tag.name().branch()), Tables.NOTHING);
    }
    return there || !patient;
  }

  private static boolean placeCommit(Change change, CommitRecord.OfCommit found, boolean patient) {
    Commit commit = found.commit();
    RepoName repo = commit.name().repo();
    Snapshot snapshot = change.snapshot();
    if (snapshot.stub(commit.name()).isPresent()) {
      return true;
    }
    Optional<CommitId> before = standing(snapshot, repo, commit.parent());
    Optional<CommitId> built = standing(snapshot, repo, found.built());
    if (patient && (isStaged(change, repo, before) || isStaged(change, repo, built))) {
      return false;
    }
    Optional<CommitRow> parent =
        before
            .flatMap(id -> snapshot.commit(new CommitName(repo, id)))
            .or(() -> built.flatMap(id -> snapshot.commit(new CommitName(repo, id))));
    above(change, found);
    Commit placed = withParent(commit, parent.map(row -> row.name().id()));
    long order =
        change.append(Event.of(Event.COMMIT_FINISHED, placed, change.call(), change.now()));
    CommitRow row = change.commits().place(placed, order, found.output(), parent);
    change.commits().write(row);
    found.merged().ifPresent(other -> change.commits().merged(commit.name(), other));
    branch(change, found.branch(), row);
    return true;
  }

  /// The commit, or the nearest one before it that was not taken out of history.
  static Optional<CommitId> standing(Snapshot snapshot, RepoName repo, Optional<CommitId> id) {
    Optional<CommitId> found = id;
    Optional<Stub> stub = found.flatMap(there -> snapshot.stub(new CommitName(repo, there)));
    while (stub.isPresent()) {
      found = stub.get().commit().parent();
      stub = found.flatMap(there -> snapshot.stub(new CommitName(repo, there)));
    }
    return found;
  }

  private static boolean isStaged(Change change, RepoName repo, Optional<CommitId> id) {
    return id.map(there -> "commit/" + new CommitName(repo, there).key())
        .flatMap(name -> change.rows().get(new Metadata.Key(RECORDS, name)))
        .isPresent();
  }

  /// The branch as the newest record has it, with this commit as its head.
  private static void branch(Change change, Ref.Branch recorded, CommitRow head) {
    BranchName name = recorded.name();
    Snapshot snapshot = change.snapshot();
    snapshot
        .branch(name)
        .ifPresent(old -> {
          old.provenance().forEach(source -> change.delete(Tables.subscriber(source, name)));
          old.head()
              .ifPresent(id ->
                  change.delete(Tables.headOf(new CommitName(name.repo(), id), name.branch())));
        });
    recorded
        .provenance()
        .forEach(source -> change.put(Tables.subscriber(source, name), Tables.NOTHING));
    Ref.Branch now =
        new Ref.Branch(
            name,
            Optional.of(head.name().id()),
            recorded.provenance(),
            recorded.pipeline(),
            recorded.author(),
            recorded.created(),
            recorded.metadata());
    change.put(Tables.ref(name), Tables.encodeRef(now));
    change.put(Tables.headOf(head.name(), name.branch()), Tables.NOTHING);
    change.refs().pointFinished(name, head);
  }

  /// Project and repo, as the newest record has them.
  private static void above(Change change, CommitRecord found) {
    change.put(
        Tables.project(found.project().name()), Tables.encode(found.project(), Wire::writeProject));
    change.put(Tables.repo(found.repo().name()), Tables.encode(found.repo(), Wire::writeRepo));
  }

  static Commit withParent(Commit commit, Optional<CommitId> parent) {
    return new Commit(
        commit.name(),
        commit.branch(),
        parent,
        commit.provenance(),
        commit.author(),
        commit.message(),
        commit.started(),
        commit.metadata(),
        commit.state());
  }

  private static String name(CommitRecord found) {
    return switch (found) {
      case CommitRecord.OfCommit commit -> "commit/" + commit.commit().name().key();
      case CommitRecord.OfTag tag -> "tag/" + tag.tag().name().key();
      case CommitRecord.OfRemoved removed -> "removed/" + removed.stub().commit().name().key();
    };
  }

  /// When the commit was started or the tag made: tries differ in it, and parents are older.
  private static Instant at(CommitRecord found) {
    return switch (found) {
      case CommitRecord.OfCommit commit -> commit.commit().started();
      case CommitRecord.OfTag tag -> tag.tag().created();
      case CommitRecord.OfRemoved removed -> removed.stub().deletedAt();
    };
  }

  /// Whether a record of one commit or tag is of a later try than another.
  static boolean isLater(CommitRecord found, CommitRecord before) {
    if (found instanceof CommitRecord.OfCommit now && before instanceof CommitRecord.OfCommit was) {
      return now.isLaterThan(was);
    }
    return at(found).isAfter(at(before));
  }

  private static Metadata.Key age(CommitRecord found) {
    Instant at = at(found);
    String order =
        Tables.ordered(Math.max(0, at.getEpochSecond())) + "%09d".formatted(at.getNano());
    return new Metadata.Key(AGES, order + "/" + name(found));
  }
}
