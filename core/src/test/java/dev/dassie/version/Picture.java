package dev.dassie.version;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.NavigableSet;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/// All that users see of an instance, in plain maps: what the simulation expects, and what it
/// finds. A commit is called `repo/message`, for ids are not known in advance.
final class Picture {
  /// A branch: its head, and the branches it is computed from, as `repo@branch`.
  record Branch(Optional<String> head, List<String> provenance) {}

  /// A commit; of one whose repo was deleted, `state` is `stub` and there are no files. Bytes of
  /// files stand in strings, one character each.
  record Known(
      String repo,
      String branch,
      Optional<String> parent,
      List<String> provenance,
      String state,
      boolean output,
      NavigableMap<String, String> files) {
    boolean open() {
      return state.equals("open");
    }

    boolean finished() {
      return state.equals("finished");
    }

    Known with(String newState, NavigableMap<String, String> newFiles) {
      return new Known(repo, branch, parent, provenance, newState, output, newFiles);
    }
  }

  final NavigableSet<String> repos = new TreeSet<>();
  final NavigableMap<String, Branch> branches = new TreeMap<>();
  final NavigableMap<String, String> tags = new TreeMap<>();
  final NavigableMap<String, Known> commits = new TreeMap<>();

  Picture copy() {
    Picture copy = new Picture();
    copy.repos.addAll(repos);
    copy.branches.putAll(branches);
    copy.tags.putAll(tags);
    copy.commits.putAll(commits);
    return copy;
  }

  Optional<Known> head(String branch) {
    return Optional.ofNullable(branches.get(branch)).flatMap(Branch::head).map(commits::get);
  }

  boolean isDerived(String branch) {
    return branches.containsKey(branch) && !branches.get(branch).provenance().isEmpty();
  }

  boolean isRead(String branch) {
    return branches.values().stream().anyMatch(other -> other.provenance().contains(branch));
  }

  /// What a new commit on the branch starts from.
  NavigableMap<String, String> base(String branch) {
    Optional<Known> commit = head(branch);
    while (commit.isPresent() && !commit.get().finished()) {
      commit = commit.get().parent().map(commits::get);
    }
    return commit.map(Known::files).orElseGet(TreeMap::new);
  }

  /// A new commit at the head of a branch, which is made if missing; returns its name.
  String insert(
      String branch,
      List<String> provenance,
      String state,
      NavigableMap<String, String> files,
      String step) {
    int at = branch.indexOf('@');
    String repo = branch.substring(0, at);
    String name = repo + "/" + step;
    Branch old = branches.getOrDefault(branch, new Branch(Optional.empty(), List.of()));
    commits.put(
        name,
        new Known(
            repo,
            branch.substring(at + 1),
            old.head(),
            provenance,
            state,
            !old.provenance().isEmpty(),
            files));
    branches.put(branch, new Branch(Optional.of(name), old.provenance()));
    return name;
  }

  /// The commits downstream of branches that moved or were wired anew; `order` has sources before
  /// what is computed from them.
  void propagate(Set<String> moved, Set<String> rewired, List<String> order, String step) {
    Set<String> changed = new TreeSet<>(moved);
    for (String branch : order) {
      Branch there = branches.get(branch);
      if (there == null || there.provenance().isEmpty()) {
        continue;
      }
      if (!rewired.contains(branch) && there.provenance().stream().noneMatch(changed::contains)) {
        continue;
      }
      changed.add(branch);
      List<String> made = new ArrayList<>();
      for (String source : there.provenance()) {
        Optional.ofNullable(branches.get(source))
            .flatMap(Branch::head)
            .ifPresent(head -> made.add(head + " by " + source.substring(source.indexOf('@') + 1)));
      }
      if (!made.isEmpty()) {
        insert(branch, made, "open", new TreeMap<>(), step);
      }
    }
  }

  /// Whether provenance names the commit.
  boolean isNamed(String commit) {
    return commits.values().stream()
        .flatMap(other -> other.provenance().stream())
        .anyMatch(source -> source.startsWith(commit + " by "));
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Picture that
        && repos.equals(that.repos)
        && branches.equals(that.branches)
        && tags.equals(that.tags)
        && commits.equals(that.commits);
  }

  @Override
  public int hashCode() {
    return Objects.hash(repos, branches, tags, commits);
  }

  /// Where two pictures differ, one line each.
  String differences(Picture other) {
    StringBuilder text = new StringBuilder();
    if (!repos.equals(other.repos)) {
      text.append("\n  repos: ").append(repos).append(" but ").append(other.repos);
    }
    compare(text, branches, other.branches);
    compare(text, tags, other.tags);
    compare(text, brief(commits), brief(other.commits));
    return text.toString();
  }

  private static <V> void compare(StringBuilder text, Map<String, V> a, Map<String, V> b) {
    Set<String> names = new TreeSet<>(a.keySet());
    names.addAll(b.keySet());
    for (String name : names) {
      if (!Objects.equals(a.get(name), b.get(name))) {
        text.append("\n  ").append(name).append(": ").append(a.get(name));
        text.append("\n      but ").append(b.get(name));
      }
    }
  }

  private static Map<String, String> brief(Map<String, Known> commits) {
    Map<String, String> texts = new TreeMap<>();
    commits.forEach((name, commit) -> {
      NavigableMap<String, String> files = new TreeMap<>();
      commit
          .files()
          .forEach((path, bytes) -> files.put(path, bytes.length() + "#" + bytes.hashCode()));
      texts.put(name, commit.with(commit.state(), files).toString());
    });
    return texts;
  }
}
