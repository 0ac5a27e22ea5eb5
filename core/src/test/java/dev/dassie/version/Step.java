package dev.dassie.version;

import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// One call of the simulation: what it does, and what it must lead to. A step is its own
/// idempotency key: running it again must change nothing.
abstract class Step {
  /// Pipelines, sources before what is computed from them.
  static final List<String> PIPELINES = List.of("edges@master", "montage@master");

  final String name;

  Step(String name) {
    this.name = name;
  }

  Call call() {
    return new Call("local:ann", name, Optional.of("key of " + name));
  }

  /// The same without a message: one that ends a commit would replace that of the commit.
  Call quiet() {
    return new Call("local:ann", "", Optional.of("key of " + name));
  }

  /// Changes the picture as the step must; false, whatever was changed, if it must be refused.
  abstract boolean expect(Picture picture);

  /// Does it.
  abstract void run(Instance instance);

  @Override
  public String toString() {
    return name + " " + getClass().getSimpleName();
  }

  static BranchName branch(String text) {
    return World.branch(text);
  }

  static final class CreateRepo extends Step {
    private final String repo;

    CreateRepo(String name, String repo) {
      super(name);
      this.repo = repo;
    }

    @Override
    boolean expect(Picture picture) {
      return picture.repos.add(repo);
    }

    @Override
    void run(Instance instance) {
      instance
          .versions()
          .change(call(), Reply.REPO, change -> change.createRepo(World.repo(repo), ""));
    }
  }

  static final class DeleteRepo extends Step {
    private final String repo;

    DeleteRepo(String name, String repo) {
      super(name);
      this.repo = repo;
    }

    @Override
    boolean expect(Picture picture) {
      String prefix = repo + "@";
      boolean needed =
          picture.branches.entrySet().stream()
              .anyMatch(branch ->
                  branch.getKey().startsWith(prefix)
                      ? !branch.getValue().provenance().isEmpty()
                      : branch.getValue().provenance().stream()
                          .anyMatch(source -> source.startsWith(prefix)));
      if (needed || !picture.repos.remove(repo)) {
        return false;
      }
      picture.branches.keySet().removeIf(branch -> branch.startsWith(prefix));
      picture.tags.keySet().removeIf(tag -> tag.startsWith(prefix));
      for (String commit : List.copyOf(picture.commits.keySet())) {
        Picture.Known known = picture.commits.get(commit);
        if (known.repo().equals(repo) && !known.state().equals("stub")) {
          remove(picture, commit, known);
        }
      }
      return true;
    }

    private static void remove(Picture picture, String commit, Picture.Known known) {
      if (picture.isNamed(commit)) {
        picture.commits.put(
            commit,
            new Picture.Known(
                known.repo(),
                known.branch(),
                Optional.empty(),
                known.provenance(),
                "stub",
                false,
                new TreeMap<>()));
      } else {
        picture.commits.remove(commit);
      }
    }

    @Override
    void run(Instance instance) {
      boolean _ =
          instance
              .versions()
              .change(
                  call(),
                  Reply.DONE,
                  change -> {
                    change.deleteRepo(World.repo(repo));
                    return true;
                  });
    }
  }

  /// A branch that a pipeline writes, or one that does so no more.
  static final class Wire extends Step {
    private final String branch;
    private final List<String> sources;

    Wire(String name, String branch, List<String> sources) {
      super(name);
      this.branch = branch;
      this.sources = sources;
    }

    @Override
    boolean expect(Picture picture) {
      String repo = branch.substring(0, branch.indexOf('@'));
      if (sources.isEmpty()) {
        if (!picture.branches.containsKey(branch)) {
          return false;
        }
        picture.branches.put(
            branch, new Picture.Branch(picture.branches.get(branch).head(), List.of()));
        return true;
      }
      if (!picture.repos.contains(repo)
          || !picture.branches.keySet().containsAll(sources)
          || picture.tags.containsKey(branch)) {
        return false;
      }
      Picture.Branch old =
          picture.branches.getOrDefault(branch, new Picture.Branch(Optional.empty(), List.of()));
      if (!old.provenance().equals(sources)) {
        picture.branches.put(branch, new Picture.Branch(old.head(), sources));
        picture.propagate(Set.of(), Set.of(branch), PIPELINES, name);
      }
      return true;
    }

    @Override
    void run(Instance instance) {
      List<BranchName> from = sources.stream().map(Step::branch).toList();
      instance
          .versions()
          .change(
              call(),
              Reply.BRANCH,
              change ->
                  from.isEmpty()
                      ? change.releaseBranch(branch(branch))
                      : change.createBranch(
                          branch(branch), Optional.empty(), from, Optional.of("pipeline")));
    }
  }

  static final class Start extends Step {
    private final String branch;

    Start(String name, String branch) {
      super(name);
      this.branch = branch;
    }

    @Override
    boolean expect(Picture picture) {
      boolean refused =
          !picture.repos.contains(branch.substring(0, branch.indexOf('@')))
              || picture.tags.containsKey(branch)
              || picture.isDerived(branch)
              || picture.head(branch).filter(Picture.Known::open).isPresent();
      if (refused) {
        return false;
      }
      picture.insert(branch, List.of(), "open", picture.base(branch), name);
      picture.propagate(Set.of(branch), Set.of(), PIPELINES, name);
      return true;
    }

    @Override
    void run(Instance instance) {
      instance
          .versions()
          .change(call(), Reply.COMMIT, change -> change.startCommit(branch(branch)));
    }
  }

  static final class MoveHead extends Step {
    private final String branch;
    private final String target;
    private Optional<CommitName> commit = Optional.empty();

    MoveHead(String name, String branch, String target) {
      super(name);
      this.branch = branch;
      this.target = target;
    }

    @Override
    boolean expect(Picture picture) {
      Picture.Known known = picture.commits.get(target);
      if (!picture.branches.containsKey(branch)
          || picture.isDerived(branch)
          || known == null
          || !branch.startsWith(known.repo() + "@")
          || known.state().equals("failed")
          || known.state().equals("stub")) {
        return false;
      }
      if (!picture.branches.get(branch).head().equals(Optional.of(target))) {
        picture.branches.put(branch, new Picture.Branch(Optional.of(target), List.of()));
        picture.propagate(Set.of(branch), Set.of(), PIPELINES, name);
      }
      return true;
    }

    @Override
    void run(Instance instance) {
      CommitName found = commit.orElseGet(() -> instance.find(target));
      commit = Optional.of(found);
      boolean _ =
          instance
              .versions()
              .change(
                  call(),
                  Reply.DONE,
                  change -> {
                    change.moveHead(branch(branch), found);
                    return true;
                  });
    }
  }

  /// Makes a tag, or takes one away where there is no commit to give it.
  static final class Tag extends Step {
    private final String tag;
    private final Optional<String> target;
    private Optional<CommitName> commit = Optional.empty();

    Tag(String name, String tag, Optional<String> target) {
      super(name);
      this.tag = tag;
      this.target = target;
    }

    @Override
    boolean expect(Picture picture) {
      if (target.isEmpty()) {
        return picture.tags.remove(tag) != null;
      }
      Picture.Known known = picture.commits.get(target.get());
      return known != null
          && !known.state().equals("stub")
          && !picture.branches.containsKey(tag)
          && picture.tags.putIfAbsent(tag, target.get()) == null;
    }

    @Override
    void run(Instance instance) {
      if (target.isEmpty()) {
        boolean _ =
            instance
                .versions()
                .change(
                    call(),
                    Reply.DONE,
                    change -> {
                      change.deleteTag(branch(tag));
                      return true;
                    });
        return;
      }
      CommitName found = commit.orElseGet(() -> instance.find(target.get()));
      commit = Optional.of(found);
      instance.versions().change(call(), Reply.TAG, change -> change.createTag(branch(tag), found));
    }
  }

  static final class DeleteBranch extends Step {
    private final String branch;

    DeleteBranch(String name, String branch) {
      super(name);
      this.branch = branch;
    }

    @Override
    boolean expect(Picture picture) {
      return !picture.isDerived(branch)
          && !picture.isRead(branch)
          && picture.branches.remove(branch) != null;
    }

    @Override
    void run(Instance instance) {
      boolean _ =
          instance
              .versions()
              .change(
                  call(),
                  Reply.DONE,
                  change -> {
                    change.deleteBranch(branch(branch));
                    return true;
                  });
    }
  }
}
