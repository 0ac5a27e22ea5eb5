package dev.dassie.pipeline;

import dev.dassie.version.BranchName;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Which data a pipeline reads, and how it is cut into datums.
public sealed interface Input {
  /// No data at all, and no datum.
  static Input none() {
    return new Union(List.of());
  }

  /// Whether no data is read.
  default boolean isNone() {
    return arms().isEmpty();
  }

  /// The inputs that this one is made of; none for one that reads a branch.
  List<Input> parts();

  /// The inputs that read a branch, left to right.
  default List<Files> arms() {
    return this instanceof Files files
        ? List.of(files)
        : parts().stream().flatMap(part -> part.arms().stream()).toList();
  }

  /// The branches that are read, each once, left to right.
  default List<BranchName> branches() {
    return arms().stream().map(Files::branch).distinct().toList();
  }

  /// The branches whose changes start no job: those that are read by arms of that kind alone.
  default Set<BranchName> quiet() {
    Set<BranchName> quiet = new TreeSet<>(Comparator.comparing(BranchName::key));
    arms().stream().filter(arm -> arm.starts().never()).forEach(arm -> quiet.add(arm.branch()));
    arms().stream().filter(arm -> !arm.starts().never()).forEach(arm -> quiet.remove(arm.branch()));
    return quiet;
  }

  /// Whether any of it is a bucket.
  default boolean readsBuckets() {
    return arms().stream().anyMatch(Files::s3);
  }

  /// Whether a join or group is anywhere in it: then datums are found by their keys.
  default boolean keyed() {
    return this instanceof Join || this instanceof Group || parts().stream().anyMatch(Input::keyed);
  }

  /// Files of one branch (or tag): each path that `glob` matches is one datum. `name` is the folder
  /// under `/pfs`.
  ///
  /// @param emptyFiles only names are shown
  /// @param lazy kept for executors that fetch files when they are opened
  /// @param reference changes of the content alone do not compute anything anew
  /// @param joinOn the key under a join, made of the glob's captures ([KeyTemplate])
  /// @param outerJoin matches without a partner make datums too
  /// @param groupBy the key under a group, as `joinOn`
  /// @param starts what makes it start jobs
  /// @param s3 it is a bucket, and not files
  record Files(
      String name,
      BranchName branch,
      String glob,
      boolean emptyFiles,
      boolean lazy,
      boolean reference,
      Optional<String> joinOn,
      boolean outerJoin,
      Optional<String> groupBy,
      Starts starts,
      boolean s3)
      implements Input {
    /// Files that are files.
    public Files(
        String name,
        BranchName branch,
        String glob,
        boolean emptyFiles,
        boolean lazy,
        boolean reference,
        Optional<String> joinOn,
        boolean outerJoin,
        Optional<String> groupBy,
        Starts starts) {
      this(
          name,
          branch,
          glob,
          emptyFiles,
          lazy,
          reference,
          joinOn,
          outerJoin,
          groupBy,
          starts,
          false);
    }

    /// Files whose every change starts a job.
    public Files(
        String name,
        BranchName branch,
        String glob,
        boolean emptyFiles,
        boolean lazy,
        boolean reference,
        Optional<String> joinOn,
        boolean outerJoin,
        Optional<String> groupBy) {
      this(
          name,
          branch,
          glob,
          emptyFiles,
          lazy,
          reference,
          joinOn,
          outerJoin,
          groupBy,
          Starts.ALWAYS);
    }

    /// Files with nothing but their names and whether content is shown.
    public Files(String name, BranchName branch, String glob, boolean emptyFiles) {
      this(name, branch, glob, emptyFiles, false, false, Optional.empty(), false, Optional.empty());
    }

    /// The same under another glob, or as a bucket.
    public Files with(String otherGlob, boolean asBucket) {
      return new Files(
          name,
          branch,
          otherGlob,
          emptyFiles,
          lazy,
          reference,
          joinOn,
          outerJoin,
          groupBy,
          starts,
          asBucket);
    }

    @Override
    public List<Input> parts() {
      return List.of();
    }

    /// What tells datums of one name and path apart: where they are read and how they are shown.
    public String place() {
      return branch.key()
          + (emptyFiles ? " names" : "")
          + (lazy ? " lazy" : "")
          + (s3 ? " s3" : "")
          + (reference ? " reference" : "")
          + joinOn.map(" on "::concat).orElse("")
          + groupBy.map(" by "::concat).orElse("");
    }
  }

  /// Every combination of one datum of each part.
  record Cross(List<Input> parts) implements Input {
    public Cross {
      parts = List.copyOf(parts);
    }
  }

  /// The datums of all parts.
  record Union(List<Input> parts) implements Input {
    public Union {
      parts = List.copyOf(parts);
    }
  }

  /// For each key, every combination of one datum of each part that has the key; for a key that a
  /// part lacks, of those other parts that are `outerJoin`. A datum of several files has the key on
  /// which they agree.
  record Join(List<Input> parts) implements Input {
    public Join {
      parts = List.copyOf(parts);
    }
  }

  /// For each key one datum: all files of all parts that have it.
  record Group(List<Input> parts) implements Input {
    public Group {
      parts = List.copyOf(parts);
    }
  }
}
