package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Chunker;
import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.PriorityQueue;

/// Edits on their way to [Filesets#apply], in the order of arrival: a later edit of a path, or of a
/// directory above it, wins. They are sorted here, and spilled to temporary files beyond 64 MiB.
/// Consumed once. Not thread-safe.
public final class Edits implements AutoCloseable {
  private static final long MEMORY = 64L << 20;
  private static final byte[] NOTHING = {};

  private final Path spillFolder;
  private final long memory;
  private final List<Step> steps = new ArrayList<>();
  private final List<Spill> spills = new ArrayList<>();
  private long heap;
  private long order;
  private boolean consumed;

  /// Spills to `spillFolder`, which must exist when more than 64 MiB of edits come.
  public Edits(Path spillFolder) {
    this(spillFolder, MEMORY);
  }

  Edits(Path spillFolder, long memory) {
    this.spillFolder = spillFolder;
    this.memory = memory;
  }

  /// Adds an edit. A file or marker at the root, attributes that are too long, or a body that
  /// [Filesets#write] would not give: `Fault.Invalid`.
  public void add(Edit edit) {
    byte[] key = edit.path().value().getBytes(StandardCharsets.UTF_8);
    byte[] folder =
        key.length == 0 ? key : (edit.path().value() + "/").getBytes(StandardCharsets.UTF_8);
    order++;
    switch (edit) {
      case Edit.Put put -> {
        check(put);
        byte[] value = EntryFormat.file(put.executable(), put.body());
        keep(new Step(key, order, Step.Kind.PUT, value, put.attributes().encode(put.path())));
      }
      case Edit.Graft graft -> {
        Entry.Directory directory = graft.directory();
        Sums sums = new Sums(1, directory.files(), directory.size());
        deleteFile(key);
        keep(step(folder, Step.Kind.GRAFT, EntryFormat.directory(directory.tree(), sums)));
      }
      case Edit.Delete delete -> {
        deleteFile(key);
        keep(step(folder, Step.Kind.CLEAR, NOTHING));
      }
      case Edit.Remove remove -> {
        named(remove.path());
        deleteFile(key);
      }
      case Edit.Describe describe -> {
        named(describe.path());
        byte[] record = describe.attributes().encode(describe.path());
        keep(new Step(key, order, Step.Kind.DESCRIBE, NOTHING, record));
      }
      case Edit.Mark mark -> {
        named(mark.path());
        Step.Kind kind = mark.attributes().isPresent() ? Step.Kind.MARK : Step.Kind.UNMARK;
        byte[] record =
            mark.attributes().map(attributes -> attributes.encode(mark.path())).orElse(NOTHING);
        keep(new Step(Arrays.copyOf(folder, folder.length + 1), order, kind, NOTHING, record));
      }
    }
  }

  /// Whether nothing was added.
  public boolean isEmpty() {
    return order == 0;
  }

  /// The steps in the order of the tree. Once.
  Iterator<Step> steps() {
    if (consumed) {
      throw new IllegalStateException("edits are consumed once");
    }
    consumed = true;
    Collections.sort(steps, Step.IN_TREE_ORDER);
    if (spills.isEmpty()) {
      return steps.iterator();
    }
    List<Iterator<Step>> runs = new ArrayList<>();
    for (Spill spill : spills) {
      runs.add(spill.steps());
    }
    runs.add(steps.iterator());
    return new Merge(runs);
  }

  /// Deletes the temporary files.
  @Override
  public void close() {
    consumed = true;
    steps.clear();
    spills.forEach(Spill::close);
    spills.clear();
  }

  private void deleteFile(byte[] key) {
    if (key.length > 0) {
      keep(step(key, Step.Kind.DELETE, NOTHING));
    }
  }

  private Step step(byte[] key, Step.Kind kind, byte[] value) {
    return new Step(key, order, kind, value, NOTHING);
  }

  private void keep(Step step) {
    if (consumed) {
      throw new IllegalStateException("these edits were applied already");
    }
    steps.add(step);
    heap += step.heap();
    if (heap > memory) {
      Collections.sort(steps, Step.IN_TREE_ORDER);
      spills.add(Spill.write(spillFolder, steps));
      steps.clear();
      heap = 0;
    }
  }

  private static void named(FilePath path) {
    if (path.isRoot()) {
      throw new Fault.Invalid("The path", "/", "a path below the root").asException();
    }
  }

  private static void check(Edit.Put put) {
    if (put.path().isRoot()) {
      throw new Fault.Invalid("The path of a file", "/", "the name of a file").asException();
    }
    Body body = put.body();
    boolean fits =
        switch (body) {
          case Body.Inline inline -> inline.size() <= Body.MAX_INLINE;
          case Body.Single single ->
              single.size() > Body.MAX_INLINE && single.size() <= ChunkStore.MAX_CHUNK;
          case Body.Recipe recipe -> recipe.size() > Chunker.UNCUT;
          case Body.Reference _ -> true;
        };
    if (!fits) {
      throw new Fault.Invalid(
              "The size of the body of " + put.path(),
              Long.toString(body.size()),
              "one that fits its form " + body.getClass().getSimpleName())
          .asException();
    }
  }

  /// Merges sorted runs.
  private static final class Merge implements Iterator<Step> {
    private record Head(Step step, Iterator<Step> rest) {}

    private final PriorityQueue<Head> heads =
        new PriorityQueue<>((a, b) -> Step.IN_TREE_ORDER.compare(a.step(), b.step()));

    Merge(List<Iterator<Step>> runs) {
      runs.forEach(this::enter);
    }

    private void enter(Iterator<Step> run) {
      if (run.hasNext()) {
        heads.add(new Head(run.next(), run));
      }
    }

    @Override
    public boolean hasNext() {
      return !heads.isEmpty();
    }

    @Override
    public Step next() {
      Head head = heads.poll();
      if (head == null) {
        throw new NoSuchElementException();
      }
      enter(head.rest());
      return head.step();
    }
  }
}
