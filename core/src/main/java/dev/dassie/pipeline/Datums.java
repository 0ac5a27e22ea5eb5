package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// Cuts the input of a pipeline into datums. Thread-safe; its iterators are not.
///
/// An input is read as a union of crosses of files: every way to choose one arm of each union. A
/// datum of several arms that would do the same work comes once.
public final class Datums {
  /// The most ways to choose one arm of each union of an input.
  public static final int MAX_COMBINATIONS = 256;

  private final ChunkStore.Session session;
  private final Filesets filesets;

  /// @param session takes what joins and groups sort by; it need not be published
  public Datums(ChunkStore.Session session) {
    this.session = session;
    this.filesets = new Filesets(session);
  }

  /// What a branch stood at.
  public record Source(CommitId commit, Fileset files) {}

  /// What an arm finds. Counts are at least so many where `exact` is false: counting ended early.
  ///
  /// @param files files of the branch that the glob of the arm does not match
  /// @param matches what the glob matches
  /// @param alone matches that are in no datum, because no other arm has their key
  /// @param examples the first of those
  public record Unmatched(
      String name,
      BranchName branch,
      String glob,
      long files,
      boolean exact,
      long matches,
      long alone,
      List<Datum.Part> examples) {
    public Unmatched {
      examples = List.copyOf(examples);
    }
  }

  /// All datums, computed as they are asked for: memory does not grow with their number. They come
  /// in the order of [Datum#orderKey]; with a join or group in the order of its keys. A branch that
  /// `sources` lacks contributes nothing.
  public Iterator<Datum> of(Input input, Map<BranchName, Source> sources) {
    if (input.keyed()) {
      Iterator<Datum> all = new KeyedDatums(input, sources, session).all();
      return named(input) ? all : new Distinct(all);
    }
    List<Iterator<Datum>> streams = new ArrayList<>();
    for (List<Input.Files> arms : combinations(input)) {
      if (arms.stream().allMatch(arm -> sources.containsKey(arm.branch()))) {
        List<Supplier<Iterator<Datum.Part>>> parts = new ArrayList<>();
        for (Input.Files arm : arms) {
          parts.add(matches(arm, sources));
        }
        streams.add(
            new Chain<>(
                new Product<>(parts),
                chosen -> Collections.singleton(new Datum(chosen)).iterator()));
      }
    }
    return new DatumMerge(streams);
  }

  /// Refuses an input that has no datums by what it says: without parts, with too many ways to
  /// choose arms, or with a join or group one of whose files has no key.
  public static void check(Input input) {
    if (!(input instanceof Input.Files) && input.parts().isEmpty()) {
      throw new Fault.Invalid("`input`", "", "at least one input").asException();
    }
    if (!input.keyed()) {
      int _ = combinations(input).size();
    }
    for (Input.Files files : input.arms()) {
      Arm _ = new Arm(files);
      boolean lacksJoin = input instanceof Input.Join && files.joinOn().isEmpty();
      if (lacksJoin || (input instanceof Input.Group && files.groupBy().isEmpty())) {
        throw new Fault.Invalid(
                "`%s` of the input `%s`".formatted(lacksJoin ? "joinOn" : "groupBy", files.name()),
                "",
                "a key like `$1`, for what parentheses in its glob capture")
            .asException();
      }
    }
    input.parts().forEach(Datums::check);
  }

  /// Whether every files input has a name of its own, so that no two datums do the same work.
  public static boolean named(Input input) {
    List<String> names = input.arms().stream().map(Input.Files::name).toList();
    return names.stream().distinct().count() == names.size();
  }

  private Supplier<Iterator<Datum.Part>> matches(
      Input.Files files, Map<BranchName, Source> sources) {
    Source source = Optional.ofNullable(sources.get(files.branch())).orElseThrow();
    Arm arm = new Arm(files);
    return () ->
        new Chain<>(
            arm.matches(filesets, source.files()),
            entry -> Collections.singleton(arm.part(source.commit(), entry)).iterator());
  }

  /// Lets datums that do the same work pass once. Holds a digest of each.
  private static final class Distinct implements Iterator<Datum> {
    private final Iterator<Datum> all;
    private final DatumKey keys = new DatumKey(List.of(), Transform.NOTHING, Optional.empty(), "");
    private final Set<Digest> seen = new HashSet<>();
    private Optional<Datum> next = Optional.empty();

    Distinct(Iterator<Datum> all) {
      this.all = all;
    }

    @Override
    public boolean hasNext() {
      while (next.isEmpty() && all.hasNext()) {
        Datum datum = all.next();
        if (seen.add(keys.of(datum))) {
          next = Optional.of(datum);
        }
      }
      return next.isPresent();
    }

    @Override
    public Datum next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      Datum datum = next.orElseThrow();
      next = Optional.empty();
      return datum;
    }
  }

  /// Counts what is in no datum, per arm, looking at no more than `limit` files of each, and no
  /// more than `limit` datums.
  public List<Unmatched> unmatched(Input input, Map<BranchName, Source> sources, long limit) {
    return new Counting(session, input, sources, limit).counts();
  }

  /// Every way to choose one arm of each union, each sorted by input name; more than
  /// [#MAX_COMBINATIONS] are refused. For an input without joins and groups.
  public static List<List<Input.Files>> combinations(Input input) {
    List<List<Input.Files>> sorted = new ArrayList<>();
    for (List<Input.Files> arms : expand(input)) {
      List<Input.Files> copy = new ArrayList<>(arms);
      copy.sort(Comparator.comparing(Input.Files::name));
      sorted.add(List.copyOf(copy));
    }
    return sorted;
  }

  private static List<List<Input.Files>> expand(Input input) {
    List<List<Input.Files>> ways = new ArrayList<>();
    switch (input) {
      case Input.Files files -> ways.add(List.of(files));
      case Input.Join _, Input.Group _ ->
          throw new IllegalArgumentException("joins and groups have no arms to choose");
      case Input.Union union -> union.parts().forEach(part -> ways.addAll(expand(part)));
      case Input.Cross cross -> {
        ways.add(List.of());
        for (Input part : cross.parts()) {
          List<List<Input.Files>> longer = product(ways, expand(part));
          ways.clear();
          ways.addAll(longer);
        }
      }
    }
    return limited(ways);
  }

  private static List<List<Input.Files>> product(
      List<List<Input.Files>> left, List<List<Input.Files>> right) {
    List<List<Input.Files>> ways = new ArrayList<>();
    for (List<Input.Files> one : left) {
      for (List<Input.Files> other : right) {
        List<Input.Files> both = new ArrayList<>(one);
        both.addAll(other);
        ways.add(both);
      }
      limited(ways);
    }
    return ways;
  }

  private static List<List<Input.Files>> limited(List<List<Input.Files>> ways) {
    if (ways.size() > MAX_COMBINATIONS) {
      throw new Fault.Invalid(
              "The number of ways to choose one arm of each union",
              (MAX_COMBINATIONS + 1) + " or more",
              "at most " + MAX_COMBINATIONS)
          .asException();
    }
    return ways;
  }
}
