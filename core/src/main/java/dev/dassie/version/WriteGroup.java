package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Fileset;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;

/// Writes that become visible together, in their order: as one commit each, in one line, or in the
/// open commit that the branch has. Whatever their number, they cost one data pack, one tree pack
/// and one transaction. One that is refused does not take the others with it. Used by one thread.
final class WriteGroup {
  /// The head may move this often under a group before it gives up. Writers of this process take
  /// turns; only moves of heads come between.
  private static final int MAX_TRIES = 20;

  /// Nodes of an open commit that are held in memory; with more it is folded.
  private static final long MAX_NODES = 16 << 20;

  private final Versions versions;
  private final ChunkStore.Session session;
  private final BranchName branch;
  private final Optional<CommitName> commit;
  private final Call call;
  private List<Write> members;

  private WriteGroup(Versions versions, List<Write> members, ChunkStore.Session session) {
    this.versions = versions;
    this.members = members;
    this.session = session;
    this.branch = members.getFirst().branch();
    this.commit = members.getFirst().commit();
    this.call = members.getFirst().call();
  }

  /// Gives each of the writes, which are for one target, an outcome.
  static void run(Versions versions, List<Write> members) {
    if (members.size() == 1) {
      new WriteGroup(versions, members, members.getFirst().chunks().own()).run();
      return;
    }
    try (ChunkStore.Session shared = versions.chunks().session()) {
      members.forEach(member -> member.chunks().copyTo(shared));
      new WriteGroup(versions, members, shared).run();
    }
  }

  private void run() {
    try {
      for (int tries = 0; tries < MAX_TRIES; tries++) {
        try {
          attempt();
          return;
        } catch (Moved moved) {
          Targets.Target now = versions.ask(snapshot -> target(snapshot));
          if (now instanceof Targets.Open open) {
            versions.views().forget(open.name());
          }
        }
      }
      throw new Fault.Conflict(
              "The branch `%s` moved %d times while this was written to it."
                  .formatted(branch, MAX_TRIES),
              Optional.of("Repeat the command."))
          .asException();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /// Where one of several is the reason, each is tried by itself. A store that was in trouble may
  /// have done what it was asked: then only a repeat of the call, under its key, can be safe.
  private void failed(RuntimeException refusal) {
    List<Write> left = members.stream().filter(member -> !member.isOver()).toList();
    boolean unknown =
        !(refusal instanceof DassieException known)
            || known.fault() instanceof Fault.Unavailable
            || known.fault() instanceof Fault.TimedOut;
    if (left.size() == 1 || unknown) {
      left.forEach(member -> member.refuse(refusal));
      return;
    }
    left.forEach(member -> run(versions, List.of(member)));
  }

  private Targets.Target target(Snapshot snapshot) {
    return Targets.find(snapshot, branch, commit, call);
  }

  private void attempt() {
    Targets.Target target =
        versions.ask(snapshot -> {
          members = unanswered(snapshot);
          return target(snapshot);
        });
    if (members.isEmpty()) {
      return;
    }
    members.forEach(member -> member.check(target));
    switch (target) {
      case Targets.Fresh fresh -> intoNewCommits(fresh);
      case Targets.Open open -> {
        if (members.getFirst().finish()) {
          finishing(open);
        } else {
          long edits = members.stream().mapToLong(member -> member.spool().size()).sum();
          boolean few =
              members.stream().allMatch(Write::isShort)
                  && open.state().rows() + edits <= Journal.MAX_ROWS;
          if (!few || !intoJournal(open.name())) {
            intoBase(open);
          }
        }
      }
    }
  }

  /// Those whose call has not been answered before.
  private List<Write> unanswered(Snapshot snapshot) {
    List<Write> left = new ArrayList<>();
    Instant now = versions.clock().instant();
    for (Write member : members) {
      if (!member.isOver()) {
        Optional<Commit> first = Answers.find(snapshot.rows(), member.call(), now, Reply.COMMIT);
        first.ifPresentOrElse(member::answer, () -> left.add(member));
      }
    }
    return left;
  }

  private record Made(Write write, Fileset tree) {}

  private void intoNewCommits(Targets.Fresh first) {
    Instant now = versions.clock().instant();
    List<Made> made = new ArrayList<>();
    Targets.Fresh fresh = first;
    for (Write member : members) {
      Fileset tree;
      try {
        tree = applied(fresh.base(), List.of(), List.of(member));
      } catch (DassieException e) {
        if (members.size() == 1 || !isOwnFault(e)) {
          throw e;
        }
        member.refuse(e);
        continue;
      }
      Commit.Finished state = new Commit.Finished(tree, now);
      CommitRecord.OfCommit record =
          Targets.record(fresh, branch, member.id(), member.call(), state);
      record.write(session);
      fresh = fresh.after(record, member.id(), tree);
      made.add(new Made(member, tree));
    }
    if (made.isEmpty()) {
      return;
    }
    session.publish();
    List<Write> writes = made.stream().map(Made::write).toList();
    List<Commit> commits =
        together(
            writes,
            now,
            snapshot -> expect(target(snapshot), first),
            (change, index) -> change.putFinishedAndRecorded(branch, made.get(index).tree()));
    answer(writes, commits);
  }

  /// A refusal of what this write wants, not of the store.
  private static boolean isOwnFault(DassieException refusal) {
    return refusal.fault() instanceof Fault.Conflict || refusal.fault() instanceof Fault.Invalid;
  }

  /// Few edits are checked against what the commit holds, in memory, and then are rows. False where
  /// the memory for that is used up.
  private boolean intoJournal(CommitName name) {
    OpenViews.View view = versions.views().of(name);
    if (view.nodes().bytes().get() > MAX_NODES) {
      return false;
    }
    Overlay nodes = new Overlay(view.nodes(), session);
    Fileset tree;
    List<Edit> edits;
    try (Resolution resolution =
        new Resolution(
            view.files(), session, nodes, versions.spillFolder(), true, hasAppends(members))) {
      members.forEach(member -> member.spool().forEach(resolution::add));
      tree = resolution.tree();
      edits = resolution.edits();
    }
    session.publish();
    Journal.State after =
        new Journal.State(view.state().next() + edits.size(), view.state().rows() + edits.size());
    inOpen(
        new Targets.Open(name, view.base(), view.state()),
        change -> {
          long sequence = view.state().next();
          for (Edit edit : edits) {
            change.put(Tables.journal(name, sequence++), Journal.encode(edit));
          }
          change.put(Tables.journalState(name), after.encode());
        });
    versions.views().remember(name, new OpenViews.View(view.base(), after, tree, view.nodes()));
    return true;
  }

  /// Many edits, or a full journal: the commit gets a new base, and the journal is empty.
  private void intoBase(Targets.Open open) {
    Fileset tree = applied(open.base(), journaled(open), members);
    session.publish();
    inOpen(
        open,
        change -> {
          change.commits().rebase(change.commits().needOpen(open.name()), tree);
          change.commits().clearJournal(open.name());
          Journal.State after = new Journal.State(open.state().next() + 1, 0);
          change.put(Tables.journalState(open.name()), after.encode());
        });
    versions.views().forget(open.name());
  }

  private void finishing(Targets.Open open) {
    Write member = members.getFirst();
    Fileset tree = applied(open.base(), journaled(open), members);
    Sealed ready = versions.seal(session, open.name(), tree, open.state(), member.call().message());
    session.publish();
    List<Commit> finished =
        together(
            members,
            versions.clock().instant(),
            snapshot -> expect(target(snapshot), open),
            (change, index) -> change.finish(ready));
    versions.views().forget(open.name());
    answer(members, finished);
  }

  private List<Edit> journaled(Targets.Open open) {
    return versions.ask(snapshot -> {
      expect(Targets.find(snapshot, branch, Optional.of(open.name()), call), open);
      return Journal.edits(snapshot, open.name(), 0);
    });
  }

  private static boolean hasAppends(List<Write> writes) {
    return writes.stream().anyMatch(write -> write.spool().hasAppends());
  }

  private Fileset applied(Fileset base, List<Edit> before, List<Write> writes) {
    try (Resolution resolution =
        new Resolution(base, session, session, versions.spillFolder(), false, hasAppends(writes))) {
      before.forEach(edit -> resolution.add(new Operation.Plain(edit)));
      writes.forEach(write -> write.spool().forEach(resolution::add));
      return resolution.tree();
    }
  }

  /// Changes an open commit, if it is still as `open` says: `work` is for all members at once, and
  /// each is answered with the commit.
  private void inOpen(Targets.Open open, Consumer<Change> work) {
    List<Commit> commits =
        together(
            members,
            versions.clock().instant(),
            snapshot -> expect(target(snapshot), open),
            (change, index) -> {
              if (index == 0) {
                work.accept(change);
              }
              return change.commits().needOpen(open.name()).commit();
            });
    answer(members, commits);
  }

  /// Runs one transaction for several writes: `check` looks at what was before, then `work` is run
  /// for each, with a change of its own, in their order. Either all of it happens or nothing.
  private List<Commit> together(
      List<Write> writes, Instant now, Consumer<Snapshot> check, ChangeOfOne work) {
    Set<BranchName> watched = new LinkedHashSet<>();
    List<Commit> made = written(writes, now, check, work, watched);
    versions.triggers().settle(watched);
    return made;
  }

  private List<Commit> written(
      List<Write> writes,
      Instant now,
      Consumer<Snapshot> check,
      ChangeOfOne work,
      Set<BranchName> watched) {
    return versions
        .metadata()
        .write(writer -> {
          check.accept(new Snapshot(writer));
          watched.clear();
          List<Commit> answers = new ArrayList<>(writes.size());
          for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            Change change = new Change(writer, write.call(), write.id(), now);
            Commit answer = work.run(change, i);
            change.propagate();
            watched.addAll(change.watched());
            Answers.remember(writer, write.call(), now, Reply.COMMIT.write(answer));
            answers.add(answer);
          }
          return answers;
        });
  }

  /// What a transaction does for one of several writes.
  private interface ChangeOfOne {
    Commit run(Change change, int index);
  }

  private static void answer(List<Write> writes, List<Commit> commits) {
    for (int i = 0; i < writes.size(); i++) {
      writes.get(i).answer(commits.get(i));
    }
  }

  private static void expect(Targets.Target now, Targets.Target before) {
    if (!now.equals(before)) {
      throw new Moved();
    }
  }

  /// What the group stood on is not there any more; it begins anew.
  static final class Moved extends RuntimeException {
    Moved() {
      super("the branch moved", null, false, false);
    }
  }
}
