package dev.dassie.version;

import dev.dassie.pipeline.transaction.Transaction;
import dev.dassie.pipeline.transaction.Transactions;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// Several steps that happen together or not at all, each added by a call of its own. They either
/// start commits and move heads of branches that users write to, or finish commits.
final class TransactionStep extends Step {
  /// One of them: starts a commit on a branch, or moves it to a commit, or finishes the commit.
  record Part(Optional<String> branch, Optional<String> commit) {}

  private final List<Part> parts;
  private final List<Optional<CommitName>> commits = new ArrayList<>();

  TransactionStep(String name, List<Part> parts) {
    super(name);
    this.parts = List.copyOf(parts);
    parts.forEach(part -> commits.add(Optional.empty()));
  }

  @Override
  boolean expect(Picture picture) {
    Picture before = picture.copy();
    NavigableSet<String> moved = new TreeSet<>();
    boolean allowed = true;
    for (Part part : parts) {
      allowed = allowed && expect(picture, part, moved);
    }
    if (!allowed) {
      picture.commits.clear();
      picture.commits.putAll(before.commits);
      picture.branches.clear();
      picture.branches.putAll(before.branches);
      return false;
    }
    picture.propagate(moved, Set.of(), PIPELINES, name);
    return true;
  }

  private boolean expect(Picture picture, Part part, Set<String> moved) {
    if (part.branch().isEmpty()) {
      return finish(picture, part.commit().orElseThrow());
    }
    String branch = part.branch().orElseThrow();
    return part.commit().isPresent()
        ? move(picture, branch, part.commit().orElseThrow(), moved)
        : start(picture, branch, moved);
  }

  private static boolean finish(Picture picture, String target) {
    Picture.Known known = picture.commits.get(target);
    if (known == null || !known.open() || known.output()) {
      return false;
    }
    picture.commits.put(target, known.with("finished", new TreeMap<>(known.files())));
    return true;
  }

  private static boolean move(Picture picture, String branch, String target, Set<String> moved) {
    Picture.Known known = picture.commits.get(target);
    Picture.Branch old =
        picture.branches.getOrDefault(branch, new Picture.Branch(Optional.empty(), List.of()));
    if (picture.tags.containsKey(branch)
        || picture.isDerived(branch)
        || known == null
        || !branch.startsWith(known.repo() + "@")
        || known.state().equals("failed")
        || known.state().equals("stub")) {
      return false;
    }
    if (!old.head().equals(Optional.of(target))) {
      picture.branches.put(branch, new Picture.Branch(Optional.of(target), List.of()));
      moved.add(branch);
    }
    return true;
  }

  private boolean start(Picture picture, String branch, Set<String> moved) {
    String repo = branch.substring(0, branch.indexOf('@'));
    boolean refused =
        !picture.repos.contains(repo)
            || picture.commits.containsKey(repo + "/" + name)
            || picture.tags.containsKey(branch)
            || picture.isDerived(branch)
            || picture.head(branch).filter(Picture.Known::open).isPresent();
    if (!refused) {
      picture.insert(branch, List.of(), "open", picture.base(branch), name);
      moved.add(branch);
    }
    return !refused;
  }

  private boolean finishes() {
    return parts.getFirst().branch().isEmpty();
  }

  private Call call(String which) {
    return new Call("local:ann", finishes() ? "" : name, Optional.of(which + " of " + name));
  }

  @Override
  void run(Instance instance) {
    Transactions transactions = instance.transactions();
    Transaction transaction = transactions.start(call("start"));
    for (int i = 0; i < parts.size(); i++) {
      dev.dassie.pipeline.transaction.Step step = step(instance, i);
      String _ =
          transactions.add(
              call("step " + i),
              transaction.id(),
              change -> step,
              Reply.TEXT,
              rehearsed -> rehearsed.added().step().words());
    }
    var _ = transactions.finish(call("finish"), transaction.id());
  }

  private dev.dassie.pipeline.transaction.Step step(Instance instance, int i) {
    Part part = parts.get(i);
    if (part.commit().isEmpty()) {
      return new dev.dassie.pipeline.transaction.Step.StartCommit(
          branch(part.branch().orElseThrow()));
    }
    CommitName found = commits.get(i).orElseGet(() -> instance.find(part.commit().orElseThrow()));
    commits.set(i, Optional.of(found));
    return part.branch().isEmpty()
        ? new dev.dassie.pipeline.transaction.Step.FinishCommit(found)
        : new dev.dassie.pipeline.transaction.Step.CreateBranch(
            branch(part.branch().orElseThrow()), Optional.of(found), List.of());
  }
}
