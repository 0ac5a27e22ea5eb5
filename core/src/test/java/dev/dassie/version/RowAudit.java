package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.util.HashMap;
import java.util.Map;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;

/// Computes every index of this room from commits, refs and stubs alone, and compares.
public final class RowAudit {
  private final Snapshot snapshot;
  private final History history;
  private final Map<CommitName, CommitRow> commits = new HashMap<>();
  private final Map<String, NavigableSet<String>> expected = new HashMap<>();

  private RowAudit(Metadata.Reader rows) {
    snapshot = new Snapshot(rows);
    history = new History(snapshot);
  }

  /// Checks the rows of an instance, and that its feed has no gaps.
  public static void check(Metadata metadata) {
    boolean _ =
        metadata.read(rows -> {
          new RowAudit(rows).check();
          return true;
        });
    long last = 0;
    for (Metadata.Event event : metadata.events(0, Integer.MAX_VALUE)) {
      assertThat(event.position()).as("the feed has no gaps").isEqualTo(++last);
    }
  }

  private void check() {
    for (Row row : snapshot.all(Tables.COMMIT, "")) {
      CommitRow commit = CommitRow.decode(row.value());
      assertThat(commit.name().key()).isEqualTo(row.name());
      commits.put(commit.name(), commit);
    }
    commits.values().forEach(this::commit);
    for (Row row : snapshot.all(Tables.STUB, "")) {
      Commit stub = Tables.decodeStub(row.value()).commit();
      stub.provenance().forEach(source -> expectDerived(source.commit(), stub.name()));
    }
    for (Row row : snapshot.all(Tables.REF, "")) {
      ref(Tables.decodeRef(row.value()));
    }
    compare(Tables.BY_REPO);
    compare(Tables.BY_SET);
    compare(Tables.CHILD);
    compare(Tables.HEAD_OF);
    compare(Tables.SUBSCRIBER);
    compare(Tables.FINISHED);
    derived();
    journals();
    answers();
  }

  private void expect(Metadata.Key key) {
    expected.computeIfAbsent(key.table(), table -> new TreeSet<>()).add(key.name());
  }

  private void expectDerived(CommitName source, CommitName made) {
    expect(new Metadata.Key(Tables.DERIVED, source.key() + "/" + made.key()));
  }

  private NavigableSet<String> names(String table) {
    NavigableSet<String> names = new TreeSet<>();
    snapshot.all(table, "").forEach(row -> names.add(row.name()));
    return names;
  }

  private void compare(String table) {
    assertThat(names(table)).as(table).isEqualTo(expected.getOrDefault(table, new TreeSet<>()));
  }

  private void commit(CommitRow row) {
    expect(Tables.byRepo(row));
    expect(Tables.bySet(row));
    row.commit().provenance().forEach(source -> expectDerived(source.commit(), row.name()));
    Optional<CommitRow> parent = history.parent(row);
    assertThat(parent.isPresent())
        .as("parent of %s", row)
        .isEqualTo(row.commit().parent().isPresent());
    assertThat(row.depth()).isEqualTo(parent.map(CommitRow::depth).orElse(0L) + 1);
    if (parent.isPresent()) {
      expect(Tables.child(parent.get().name(), row.name().id()));
      assertThat(parent.get().order()).isLessThan(row.order());
      CommitRow ancestor = parent.get();
      while (ancestor.depth() > row.jumpDepth()) {
        ancestor = history.parent(ancestor).orElseThrow();
      }
      assertThat(row.jump()).contains(ancestor.name().id());
    }
    assertThat(snapshot.repo(row.name().repo())).as("repo of %s", row.name()).isPresent();
  }

  private void ref(Ref ref) {
    ref.head()
        .ifPresent(id -> {
          CommitName head = new CommitName(ref.name().repo(), id);
          assertThat(commits).as("head of %s", ref.name()).containsKey(head);
          expect(Tables.headOf(head, ref.name().branch()));
        });
    if (!(ref instanceof Ref.Branch branch)) {
      return;
    }
    branch.provenance().forEach(source -> expect(Tables.subscriber(source, branch.name())));
    Optional<CommitRow> newest =
        branch.head().map(id -> commits.get(new CommitName(branch.name().repo(), id)));
    while (newest.isPresent() && newest.get().commit().finishedFiles().isEmpty()) {
      newest = history.parent(newest.get());
    }
    newest.ifPresent(row -> expect(Tables.finished(branch.name())));
    assertThat(snapshot.finished(branch.name()).map(CommitRow::name))
        .as("newest finished of %s", branch.name())
        .isEqualTo(newest.map(CommitRow::name));
  }

  /// The order in these names is that of a commit which may be a stub by now.
  private void derived() {
    NavigableSet<String> found = new TreeSet<>();
    for (String name : names(Tables.DERIVED)) {
      found.add(name.replaceAll("/[0-9a-f]{16}/", "/"));
    }
    assertThat(found)
        .as(Tables.DERIVED)
        .isEqualTo(expected.getOrDefault(Tables.DERIVED, new TreeSet<>()));
  }

  private void journals() {
    Map<String, Long> rows = new HashMap<>();
    for (String name : names(Tables.JOURNAL)) {
      rows.merge(name.substring(0, name.lastIndexOf('/')), 1L, Long::sum);
    }
    for (String name : names(Tables.JOURNAL_STATE)) {
      CommitName commit = Tables.commitName(name);
      assertThat(commits.get(commit).commit().isOpen()).as("journal of %s", commit).isTrue();
      assertThat(rows.getOrDefault(name, 0L))
          .isEqualTo(Journal.state(snapshot, commit).rows())
          .isEqualTo(Journal.entries(snapshot, commit, 0).size());
      rows.remove(name);
    }
    assertThat(rows).as("journals without a state").isEmpty();
  }

  private void answers() {
    NavigableSet<String> aged = new TreeSet<>();
    names(Tables.ANSWER_AGE).forEach(name -> aged.add(Tables.last(name)));
    assertThat(aged).as("answers that will be swept").containsAll(names(Tables.ANSWER));
  }
}
