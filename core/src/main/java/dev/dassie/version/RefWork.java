package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// Writes branches and tags in a transaction.
final class RefWork {
  private final Change change;
  private final Snapshot snapshot;
  private final History history;

  RefWork(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
    this.history = new History(snapshot);
  }

  Ref.Branch createBranch(
      BranchName name,
      Optional<CommitName> head,
      List<BranchName> provenance,
      Optional<String> pipeline) {
    Names.check("branch", name.branch());
    snapshot.needRepo(name.repo());
    boolean derived = !provenance.isEmpty() || pipeline.isPresent();
    if (derived && head.isPresent()) {
      throw new Fault.Conflict(
              "The branch `%s` is computed from others, it cannot be given a head.".formatted(name),
              Optional.empty())
          .asException();
    }
    Ref.Branch branch = snapshot.ref(name).map(this::existing).orElseGet(() -> make(name));
    if (derived) {
      branch = rewire(branch, provenance, pipeline);
    }
    head.ifPresent(commit -> moveHead(name, commit));
    return snapshot.branch(name).orElse(branch);
  }

  /// Makes an empty branch.
  Ref.Branch make(BranchName name) {
    Names.check("branch", name.branch());
    Ref.Branch branch =
        new Ref.Branch(
            name,
            Optional.empty(),
            List.of(),
            Optional.empty(),
            change.call().principal(),
            change.now(),
            Map.of());
    return save(branch, Event.BRANCH_CREATED);
  }

  private Ref.Branch existing(Ref ref) {
    return switch (ref) {
      case Ref.Branch branch -> branch;
      case Ref.Tag tag -> throw new Fault.AlreadyExists("tag", tag.name().toString()).asException();
    };
  }

  private Ref.Branch rewire(
      Ref.Branch old, List<BranchName> provenance, Optional<String> pipeline) {
    if (old.isOutput() && !old.pipeline().equals(pipeline)) {
      throw writtenByPipeline(old).asException();
    }
    List<BranchName> distinct = provenance.stream().distinct().toList();
    if (old.provenance().equals(distinct) && old.pipeline().equals(pipeline)) {
      return old;
    }
    snapshot.refuseFollower(old.name());
    new Wiring(snapshot).check(old.name(), distinct);
    old.provenance().forEach(source -> change.delete(Tables.subscriber(source, old.name())));
    distinct.forEach(source -> change.put(Tables.subscriber(source, old.name()), Tables.NOTHING));
    change.rewired().add(old.name());
    return save(with(old, old.head(), distinct, pipeline), Event.BRANCH_CHANGED);
  }

  void quiet(BranchName name, Set<BranchName> sources) {
    if (snapshot.quiet(name).equals(sources)) {
      return;
    }
    if (sources.isEmpty()) {
      change.delete(Tables.quiet(name));
    } else {
      change.put(Tables.quiet(name), Tables.encodeQuiet(sources));
    }
  }

  Ref.Branch releaseBranch(BranchName name) {
    Ref.Branch old = snapshot.needBranch(name);
    quiet(name, Set.of());
    old.provenance().forEach(source -> change.delete(Tables.subscriber(source, name)));
    change.rewired().remove(name);
    return save(with(old, old.head(), List.of(), Optional.empty()), Event.BRANCH_CHANGED);
  }

  void deleteBranch(BranchName name) {
    Ref.Branch branch = snapshot.needBranch(name);
    if (branch.isOutput()) {
      throw writtenByPipeline(branch).asException();
    }
    refuseWhileRead(name);
    new TriggerWork(change).refuseWhileFollowed(name);
    new TriggerWork(change).forget(name);
    branch.provenance().forEach(source -> change.delete(Tables.subscriber(source, name)));
    branch.head().ifPresent(id -> change.delete(headOf(name, id)));
    change.delete(Tables.finished(name));
    change.delete(Tables.rule(name));
    change.delete(Tables.quiet(name));
    for (String table : Tables.OF_BRANCH) {
      change.delete(new Metadata.Key(table, name.key()));
    }
    forgetBeside(name.key() + "/");
    change.delete(Tables.ref(name));
    change.append(Event.of(Event.BRANCH_DELETED, name, branch.head(), change.call(), change.now()));
  }

  /// Deletes what the rooms in this one keep under names that begin so.
  void forgetBeside(String prefix) {
    for (String table : Tables.OF_BRANCH) {
      for (Metadata.Row row : snapshot.all(table, prefix)) {
        change.delete(new Metadata.Key(table, row.name()));
      }
    }
  }

  Ref.Branch writtenByUsers(BranchName name) {
    Ref.Branch branch = snapshot.needBranch(name);
    refuseDerived(branch);
    snapshot.refuseOwned(name.repo());
    snapshot.refuseFollower(name);
    return branch;
  }

  /// Says that something was changed about a branch.
  void changed(Ref.Branch branch, String key, String value) {
    change.append(
        Event.of(Event.BRANCH_CHANGED, branch.name(), branch.head(), change.call(), change.now())
            .with(key, value));
  }

  Ref.Branch editBranch(BranchName name, MetadataEdit edit) {
    Ref.Branch old = snapshot.needBranch(name);
    Ref.Branch changed =
        new Ref.Branch(
            name,
            old.head(),
            old.provenance(),
            old.pipeline(),
            old.author(),
            old.created(),
            edit.apply(old.metadata()));
    return save(changed, Event.BRANCH_CHANGED);
  }

  /// Sets or removes the rule of a branch.
  Ref.Branch keep(BranchName name, Optional<KeepRule> rule) {
    Ref.Branch branch = snapshot.needBranch(name);
    if (snapshot.rule(name).equals(rule)) {
      return branch;
    }
    rule.ifPresentOrElse(
        set -> change.put(Tables.rule(name), Tables.encode(set, (out, value) -> value.write(out))),
        () -> change.delete(Tables.rule(name)));
    change.append(
        Event.of(Event.BRANCH_CHANGED, name, branch.head(), change.call(), change.now())
            .with("keeps", rule.map(KeepRule::toString).orElse("all")));
    return branch;
  }

  Ref.Tag createTag(BranchName name, CommitName commit) {
    Names.check("tag", name.branch());
    snapshot.needRepo(name.repo());
    snapshot
        .ref(name)
        .ifPresent(ref -> {
          String kind = ref instanceof Ref.Tag ? "tag" : "branch";
          throw new Fault.AlreadyExists(kind, name.toString()).asException();
        });
    CommitRow row = snapshot.needCommit(inRepo(name, commit));
    Ref.Tag tag = new Ref.Tag(name, row.name().id(), change.call().principal(), change.now());
    change.put(Tables.ref(name), Tables.encodeRef(tag));
    change.put(headOf(name, tag.commit()), Tables.NOTHING);
    change.append(Event.of(Event.TAG_CREATED, name, tag.head(), change.call(), change.now()));
    change.newTags().add(tag);
    return tag;
  }

  void deleteTag(BranchName name) {
    Ref ref =
        snapshot
            .ref(name)
            .orElseThrow(() -> snapshot.missingRef(name.repo(), name.branch()).asException());
    if (!(ref instanceof Ref.Tag tag)) {
      throw new Fault.Conflict("`%s` is a branch, not a tag.".formatted(name), Optional.empty())
          .asException();
    }
    refuseWhileRead(name);
    change.delete(headOf(name, tag.commit()));
    change.delete(Tables.ref(name));
    change.append(Event.of(Event.TAG_DELETED, name, tag.head(), change.call(), change.now()));
  }

  void moveHead(BranchName name, CommitName commit) {
    Ref.Branch branch = snapshot.needBranch(name);
    refuseDerived(branch);
    snapshot.refuseOwned(name.repo());
    CommitRow target = snapshot.needCommit(inRepo(name, commit));
    if (target.commit().state() instanceof Commit.Failed) {
      throw new Fault.Conflict(
              "The commit `%s` failed; expected one that a branch can build on.".formatted(commit),
              Optional.empty())
          .asException();
    }
    if (branch.head().equals(Optional.of(commit.id()))) {
      return;
    }
    setHead(branch, target);
    change.append(
        Event.of(Event.BRANCH_MOVED, name, Optional.of(commit.id()), change.call(), change.now()));
    new TriggerWork(change).movedByHand(name, commit.id());
  }

  /// Makes a commit the head, and keeps all that points at heads in step.
  void setHead(Ref.Branch branch, CommitRow head) {
    BranchName name = branch.name();
    if (change.moved().putIfAbsent(name, head.name().id()) != null) {
      throw new Fault.Conflict(
              "The branch `%s` would move twice in one transaction.".formatted(name),
              Optional.empty())
          .asException();
    }
    branch.head().ifPresent(old -> change.delete(headOf(name, old)));
    change.put(headOf(name, head.name().id()), Tables.NOTHING);
    Ref.Branch moved =
        with(branch, Optional.of(head.name().id()), branch.provenance(), branch.pipeline());
    change.put(Tables.ref(name), Tables.encodeRef(moved));
    Optional<CommitRow> finished =
        head.commit().state() instanceof Commit.Finished
            ? Optional.of(head)
            : history.nearestFinished(head);
    if (finished.isPresent()) {
      pointFinished(name, finished.get());
    } else {
      change.delete(Tables.finished(name));
    }
  }

  /// Gives a branch an older head, or none, as its newest commits go. What is computed from it
  /// follows as with every move; a computed branch itself has no move of its own.
  void moveBack(Ref.Branch branch, Optional<CommitRow> head) {
    BranchName name = branch.name();
    branch.head().ifPresent(old -> change.delete(headOf(name, old)));
    Optional<CommitId> id = head.map(row -> row.name().id());
    id.ifPresent(now -> change.put(headOf(name, now), Tables.NOTHING));
    change.put(
        Tables.ref(name),
        Tables.encodeRef(with(branch, id, branch.provenance(), branch.pipeline())));
    Optional<CommitRow> finished =
        head.filter(row -> row.commit().finishedFiles().isPresent())
            .or(() -> head.flatMap(history::nearestFinished));
    finished.ifPresentOrElse(
        row -> pointFinished(name, row), () -> change.delete(Tables.finished(name)));
    if (branch.provenance().isEmpty()) {
      change.moved().put(name, id.orElse(change.set()));
    }
    change.append(Event.of(Event.BRANCH_MOVED, name, id, change.call(), change.now()));
  }

  void pointFinished(BranchName name, CommitRow row) {
    change.put(Tables.finished(name), Tables.encode(row.name().id(), Wire::writeId));
    new TriggerWork(change).moved(name);
  }

  /// Users may write only where nothing is computed.
  static void refuseDerived(Ref.Branch branch) {
    if (branch.isOutput()) {
      throw writtenByPipeline(branch).asException();
    }
    if (!branch.provenance().isEmpty()) {
      throw new Fault.Conflict(
              "The branch `%s` is computed from `%s`; expected one that users write to."
                  .formatted(branch.name(), branch.provenance().getFirst()),
              Optional.empty())
          .asException();
    }
  }

  private static Fault writtenByPipeline(Ref.Branch branch) {
    return new Fault.Conflict(
        "The branch `%s` is written by the pipeline `%s`."
            .formatted(branch.name(), branch.pipeline().orElse("")),
        Optional.of("Put the data into the pipeline's input, or delete the pipeline first."));
  }

  private void refuseWhileRead(BranchName name) {
    snapshot.subscribers(name).stream()
        .findFirst()
        .ifPresent(reader -> {
          throw new Fault.Conflict(
                  "`%s` is read by the branch `%s`.".formatted(name, reader),
                  Optional.of("Delete the pipeline that writes `%s` first.".formatted(reader)))
              .asException();
        });
  }

  private static CommitName inRepo(BranchName name, CommitName commit) {
    if (!commit.repo().equals(name.repo())) {
      throw new Fault.Invalid(
              "The head of `%s`".formatted(name), commit.toString(), "a commit of the same repo")
          .asException();
    }
    return commit;
  }

  private static dev.dassie.metadata.Metadata.Key headOf(BranchName name, CommitId id) {
    return Tables.headOf(new CommitName(name.repo(), id), name.branch());
  }

  private static Ref.Branch with(
      Ref.Branch old,
      Optional<CommitId> head,
      List<BranchName> provenance,
      Optional<String> pipeline) {
    return new Ref.Branch(
        old.name(), head, provenance, pipeline, old.author(), old.created(), old.metadata());
  }

  private Ref.Branch save(Ref.Branch branch, String kind) {
    change.put(Tables.ref(branch.name()), Tables.encodeRef(branch));
    change.append(Event.of(kind, branch.name(), branch.head(), change.call(), change.now()));
    return branch;
  }
}
