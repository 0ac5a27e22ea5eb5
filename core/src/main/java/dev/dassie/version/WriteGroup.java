package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
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
  private static final long MAX_NODES = 24 << 20;

  private final Versions versions;
  private final ChunkStore.Session session;
  private final BranchName branch;
  private final Optional<CommitName> commit;
  private final Call call;
  private List<Write> members;

  /// Those that wanted paths to be as they are not. They are told when the others are durable: what
  /// was in their way may be of one of them.
  private final Map<Write, DassieException> refused = new LinkedHashMap<>();

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
    if (!members.getFirst().chunks().isSmall()) {
      new WriteGroup(versions, members, members.getFirst().chunks().own()).run();
      return;
    }
    try (ChunkStore.Session shared = versions.chunks().session()) {
      new WriteGroup(versions, members, shared).run();
    }
  }

  private void run() {
    try {
      for (int tries = 0; tries < MAX_TRIES; tries++) {
        try {
          refused.clear();
          attempt();
          refused.forEach(Write::refuse);
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
      case Targets.Fresh _ when members.getFirst().terms().opening().isPresent() -> {
        open(members.getFirst().terms().opening().get());
        throw new Moved();
      }
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

  /// Starts the commit that the writers want to go into; they begin anew with it.
  private void open(Consumer<Change> rows) {
    Commit _ =
        versions.change(
            call,
            change -> {
              Commit started = change.startCommit(branch);
              rows.accept(change);
              return started;
            });
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

  /// Puts the chunks of all into the session.
  private void store() {
    members.forEach(member -> member.chunks().copyTo(session, Set.of()));
  }

  private void intoNewCommits(Targets.Fresh first) {
    store();
    Instant now = versions.clock().instant();
    List<Made> made = new ArrayList<>();
    Targets.Fresh fresh = first;
    for (Write member : members) {
      Fileset tree;
      try {
        Applied all = applied(fresh.base(), List.of(), List.of(member));
        if (all.taken().isEmpty()) {
          continue;
        }
        tree = all.tree();
      } catch (DassieException e) {
        if (members.size() == 1 || !isOwnFault(e)) {
          throw e;
        }
        refused.put(member, e);
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
        new Joint(versions)
            .run(
                writes,
                now,
                snapshot -> expect(target(snapshot), first),
                (change, index) -> change.putFinishedAndRecorded(branch, made.get(index).tree()));
    answer(writes, commits);
  }

  /// A refusal of what this write wants, not of the store.
  private static boolean isOwnFault(DassieException refusal) {
    return switch (refusal.fault()) {
      case Fault.Conflict _, Fault.Invalid _, Fault.PreconditionFailed _ -> true;
      default -> false;
    };
  }

  /// Few edits are checked against what the commit holds, in memory, and then are rows. False where
  /// the memory for that is used up.
  private boolean intoJournal(CommitName name) {
    OpenViews.View view = versions.views().of(name).orElseThrow(Moved::new);
    if (view.nodes().bytes().get() > MAX_NODES) {
      return false;
    }
    Overlay nodes = new Overlay(view.nodes(), session);
    Carried carried = new Carried(members);
    carried.into(nodes);
    members.forEach(member -> member.chunks().copyTo(session, carried.ids()));
    List<Write> taken;
    Fileset tree;
    List<Edit> edits;
    try (Resolution resolution =
        new Resolution(
            view.files(),
            new Layered(session, nodes),
            nodes,
            versions.spillFolder(),
            true,
            asks(members))) {
      taken = taken(resolution, members);
      tree = resolution.tree();
      edits = resolution.edits();
    }
    MarkerRule markers = new MarkerRule(new Filesets(nodes), tree);
    edits.forEach(markers::check);
    if (taken.isEmpty()) {
      return true;
    }
    List<byte[]> rows = carried.rows(edits, session);
    session.publish();
    Journal.State after =
        new Journal.State(view.state().next() + edits.size(), view.state().rows() + edits.size());
    inOpen(
        new Targets.Open(name, view.base(), view.state()),
        taken,
        change -> {
          long sequence = view.state().next();
          for (byte[] row : rows) {
            change.put(Tables.journal(name, sequence++), row);
          }
          change.put(Tables.journalState(name), after.encode());
        });
    versions.views().remember(name, view.after(after, tree));
    return true;
  }

  /// Adds what the writes want; without those whose preconditions do not hold.
  private List<Write> taken(Resolution resolution, List<Write> writes) {
    List<Write> taken = new ArrayList<>();
    for (Write member : writes) {
      try {
        member.terms().preconditions().forEach(resolution::check);
        member.spool().forEach(resolution::add);
        taken.add(member);
      } catch (DassieException e) {
        if (members.size() == 1 || !(e.fault() instanceof Fault.PreconditionFailed)) {
          throw e;
        }
        refused.put(member, e);
      }
    }
    return taken;
  }

  /// Many edits, or a full journal: the commit gets a new base, and the journal is empty.
  private void intoBase(Targets.Open open) {
    store();
    Applied now = applied(open.base(), journaled(open), members);
    if (now.taken().isEmpty()) {
      return;
    }
    session.publish();
    inOpen(
        open,
        now.taken(),
        change -> {
          change.commits().rebase(change.commits().needOpen(open.name()), now.tree());
          change.commits().clearJournal(open.name());
          Journal.State after = new Journal.State(open.state().next() + 1, 0);
          change.put(Tables.journalState(open.name()), after.encode());
        });
    versions.views().forget(open.name());
  }

  private void finishing(Targets.Open open) {
    store();
    Write member = members.getFirst();
    Fileset tree = applied(open.base(), journaled(open), members).tree();
    Sealed ready = versions.seal(session, open.name(), tree, open.state(), member.call().message());
    session.publish();
    List<Commit> finished =
        new Joint(versions)
            .run(
                members,
                versions.clock().instant(),
                snapshot -> expect(target(snapshot), open),
                (change, index) -> change.finish(ready));
    versions.views().forget(open.name());
    answer(members, finished);
  }

  /// The edits of the journal; chunks that stood in it go into the session.
  private List<Edit> journaled(Targets.Open open) {
    return Journal.edits(entries(open), session);
  }

  private List<Journal.Noted> entries(Targets.Open open) {
    return versions.ask(snapshot -> {
      expect(Targets.find(snapshot, branch, Optional.of(open.name()), call), open);
      return Journal.entries(snapshot, open.name(), 0);
    });
  }

  private static boolean asks(List<Write> writes) {
    return writes.stream().anyMatch(Write::asks);
  }

  /// @param taken those whose preconditions hold
  private record Applied(Fileset tree, List<Write> taken) {}

  private Applied applied(Fileset base, List<Edit> before, List<Write> writes) {
    try (Resolution resolution =
        new Resolution(base, session, session, versions.spillFolder(), false, asks(writes))) {
      before.forEach(edit -> resolution.add(new Operation.Plain(edit)));
      List<Write> taken = taken(resolution, writes);
      Fileset tree = resolution.tree();
      MarkerRule markers = new MarkerRule(new Filesets(session), tree);
      taken.stream().filter(Write::isShort).forEach(write -> write.spool().forEach(markers::check));
      return new Applied(tree, taken);
    }
  }

  /// Changes an open commit, if it is still as `open` says: `work` is for all of the writes at
  /// once, and each is answered with the commit.
  private void inOpen(Targets.Open open, List<Write> writes, Consumer<Change> work) {
    List<Commit> first = new ArrayList<>(1);
    List<Commit> commits =
        new Joint(versions)
            .run(
                writes,
                versions.clock().instant(),
                snapshot -> expect(target(snapshot), open),
                (change, index) -> {
                  if (index == 0) {
                    work.accept(change);
                    first.clear();
                    first.add(change.commits().needOpen(open.name()).commit());
                  }
                  return first.getFirst();
                });
    answer(writes, commits);
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
