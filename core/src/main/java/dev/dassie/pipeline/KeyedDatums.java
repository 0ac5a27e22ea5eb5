package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// The datums of an input with joins or groups. Each join and group keeps its matches in a
/// [KeyIndex]; indexes are built when they are first needed, which costs as much as there are
/// matches. Memory is bounded, but for the files of one group. Not thread-safe.
public final class KeyedDatums {
  private final Input input;
  private final Map<BranchName, Datums.Source> sources;
  private final ChunkStore.Session session;
  private final Filesets filesets;
  private final List<Arm> leaves;
  private final Map<Input, Integer> numbers = new HashMap<>();
  private final Map<Input, KeyIndex> indexes = new HashMap<>();

  /// @param session takes the nodes of the indexes; they need not be published
  public KeyedDatums(
      Input input, Map<BranchName, Datums.Source> sources, ChunkStore.Session session) {
    this.input = input;
    this.sources = Map.copyOf(sources);
    this.session = session;
    this.filesets = new Filesets(session);
    this.leaves = input.arms().stream().map(Arm::new).toList();
    number(input);
  }

  private void number(Input node) {
    if (node instanceof Input.Join || node instanceof Input.Group) {
      numbers.putIfAbsent(node, numbers.size());
    }
    node.parts().forEach(this::number);
  }

  /// Whether one more match can be planned for without looking at all others: the input is a join
  /// or group of files inputs.
  public static boolean isFlat(Input input) {
    return (input instanceof Input.Join || input instanceof Input.Group)
        && input.parts().stream().allMatch(Input.Files.class::isInstance);
  }

  /// All datums, by their keys.
  public Iterator<Datum> all() {
    return new Chain<>(of(input), match -> Collections.singleton(match.datum()).iterator());
  }

  /// The index of a flat input, see [#isFlat].
  public PersistentMap.Root index() {
    return built(input).root();
  }

  /// Goes on with the index of an older job.
  public void begin(PersistentMap.Root old) {
    indexes.put(input, empty(old));
  }

  /// A path of a part of a flat input that matched before or matches now; `now` is absent where it
  /// does not any more. Answers with its key, whose datums may be others now.
  public String touch(
      int part, FilePath path, boolean directory, Optional<dev.dassie.fileset.Entry> now) {
    Arm arm = leaves.get(part);
    String key =
        (input instanceof Input.Join ? arm.joinKey(path) : arm.groupKey(path)).orElseThrow();
    KeyIndex index = Optional.ofNullable(indexes.get(input)).orElseThrow();
    if (now.isPresent()) {
      index.put(key, part, Match.of(arm.part(commit(arm).orElseThrow(), now.get())));
    } else {
      String tree = directory ? path.value() + "/" : path.value();
      index.remove(key, part, arm.files().name() + "\0" + tree + "\0" + arm.files().place() + "\0");
    }
    return key;
  }

  /// The datums of a flat input that have a key.
  public Iterator<Datum> at(String key) {
    return new Chain<>(at(input, key), match -> Collections.singleton(match.datum()).iterator());
  }

  /// What the order keys of all datums of a flat input begin with that have a key.
  public byte[] orderPrefix(String key) {
    return prefix(input, key).getBytes(StandardCharsets.UTF_8);
  }

  private String prefix(Input node, String key) {
    return key + "\0" + Optional.ofNullable(numbers.get(node)).orElseThrow() + "\0";
  }

  private Optional<CommitId> commit(Arm arm) {
    return Optional.ofNullable(sources.get(arm.files().branch())).map(Datums.Source::commit);
  }

  private Iterator<Match> of(Input node) {
    return switch (node) {
      case Input.Files files -> files(files);
      case Input.Union union -> new Chain<>(union.parts().iterator(), this::of);
      case Input.Cross cross -> product("", cross.parts().stream().map(this::again).toList());
      case Input.Join _, Input.Group _ -> new Chain<>(built(node).keys(), key -> at(node, key));
    };
  }

  private Supplier<Iterator<Match>> again(Input node) {
    return () -> of(node);
  }

  private static Iterator<Match> product(String prefix, List<Supplier<Iterator<Match>>> parts) {
    return new Chain<>(
        new Product<>(parts),
        matches -> Collections.singleton(Match.all(prefix, matches)).iterator());
  }

  private Iterator<Match> files(Input.Files files) {
    Optional<Datums.Source> source = Optional.ofNullable(sources.get(files.branch()));
    if (source.isEmpty()) {
      return Collections.emptyIterator();
    }
    Arm arm = leaves.stream().filter(leaf -> leaf.files().equals(files)).findFirst().orElseThrow();
    return new Chain<>(
        arm.matches(filesets, source.get().files()),
        entry ->
            Collections.singleton(Match.of(arm.part(source.get().commit(), entry))).iterator());
  }

  private Iterator<Match> at(Input node, String key) {
    return node instanceof Input.Join join ? joined(join, key) : grouped(node, key);
  }

  private Iterator<Match> joined(Input.Join join, String key) {
    KeyIndex index = built(join);
    List<Supplier<Iterator<Match>>> present = new ArrayList<>();
    List<Supplier<Iterator<Match>>> outer = new ArrayList<>();
    for (int i = 0; i < join.parts().size(); i++) {
      int part = i;
      if (index.at(key, part).hasNext()) {
        present.add(() -> index.at(key, part));
        if (join.parts().get(part).arms().stream().anyMatch(Input.Files::outerJoin)) {
          outer.add(() -> index.at(key, part));
        }
      }
    }
    boolean complete = present.size() == join.parts().size();
    return product(prefix(join, key), complete ? present : outer);
  }

  private Iterator<Match> grouped(Input node, String key) {
    Set<Datum.Part> parts = new LinkedHashSet<>();
    for (int i = 0; i < node.parts().size(); i++) {
      built(node).at(key, i).forEachRemaining(match -> parts.addAll(match.parts()));
    }
    return parts.isEmpty()
        ? Collections.emptyIterator()
        : Collections.singleton(new Match(prefix(node, key), List.copyOf(parts))).iterator();
  }

  private KeyIndex empty(PersistentMap.Root root) {
    return new KeyIndex(session, root, leaves, leaves.stream().map(this::commit).toList());
  }

  private KeyIndex built(Input node) {
    Optional<KeyIndex> known = Optional.ofNullable(indexes.get(node));
    if (known.isPresent()) {
      return known.get();
    }
    KeyIndex index = empty(PersistentMap.EMPTY);
    for (int i = 0; i < node.parts().size(); i++) {
      Iterator<Match> matches = of(node.parts().get(i));
      while (matches.hasNext()) {
        add(index, node, i, matches.next());
      }
    }
    indexes.put(node, index);
    return index;
  }

  /// Under a group each file goes by its own key; a join keeps together what a part combined.
  private static void add(KeyIndex index, Input node, int part, Match match) {
    if (node instanceof Input.Join) {
      match.joinKey().ifPresent(key -> index.put(key, part, match));
    } else {
      for (Datum.Part file : match.parts()) {
        file.groupKey().ifPresent(key -> index.put(key, part, Match.of(file)));
      }
    }
  }
}
