package dev.dassie.server.console;

import dev.dassie.pipeline.Pipeline;
import dev.dassie.version.RepoName;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeMap;

/// Which pipelines of a graph stand for themselves, and which in a box with others of their
/// project, or of the same beginning of the name.
///
/// @param members of each group the keys of its pipelines, groups in the order of their names; only
///   groups of two or more
/// @param open the groups that are drawn one by one
public record PipelineGroups(Map<String, List<String>> members, Set<String> open) {
  /// The ways to group, as links have them.
  public enum By {
    NONE,
    PREFIX,
    PROJECT;

    /// `prefix`
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  public static final PipelineGroups NONE = new PipelineGroups(Map.of(), Set.of());

  /// Graphs of more pipelines come in groups unless the reader says otherwise.
  static final int MANY = 60;

  public PipelineGroups {
    members = new LinkedHashMap<>(members);
    open = Set.copyOf(open);
  }

  static PipelineGroups of(Collection<Pipeline> pipelines, By by, Set<String> open) {
    Map<String, List<String>> all = new TreeMap<>();
    if (by != By.NONE) {
      for (Pipeline pipeline : pipelines) {
        RepoName repo = pipeline.spec().repo();
        String group = by == By.PROJECT ? repo.project() : prefix(repo);
        all.computeIfAbsent(group, name -> new java.util.ArrayList<>()).add(repo.key());
      }
      all.values().removeIf(some -> some.size() < 2);
    }
    return new PipelineGroups(all, open);
  }

  /// The name up to its first sign or digit, after its project where that is not the usual one.
  private static String prefix(RepoName repo) {
    int end = 0;
    String name = repo.name();
    while (end < name.length() && Character.isLetter(name.charAt(end))) {
      end++;
    }
    String start = end == 0 ? name : name.substring(0, end);
    return repo.project().equals(RepoName.DEFAULT_PROJECT) ? start : repo.project() + "/" + start;
  }

  /// The closed group that a pipeline is in.
  Map<String, String> closed() {
    Map<String, String> groups = new LinkedHashMap<>();
    members.forEach((group, some) -> {
      if (!open.contains(group)) {
        some.forEach(key -> groups.put(key, group));
      }
    });
    return groups;
  }

  /// How it is usually done: not at all where the graph is small, or one group would have all.
  static By usual(Collection<Pipeline> pipelines) {
    if (pipelines.size() <= MANY) {
      return By.NONE;
    }
    boolean projects =
        pipelines.stream().map(one -> one.spec().project()).distinct().limit(2).count() > 1;
    if (projects) {
      return By.PROJECT;
    }
    int groups = of(pipelines, By.PREFIX, Set.of()).members().size();
    return groups > 1 ? By.PREFIX : By.NONE;
  }

  /// The address parameter that opens or closes a group.
  public Optional<String> toggled(String group) {
    Set<String> next = new java.util.TreeSet<>(open);
    if (!next.remove(group)) {
      next.add(group);
    }
    return next.isEmpty() ? Optional.empty() : Optional.of(String.join(",", next));
  }
}
