package dev.dassie.fileset;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/// Applies the steps of edits to a fileset in one pass. Holds the directories on the way from the
/// root to the step at hand, so memory grows with depth, and no recursion. Not thread-safe.
final class FilesetWriter {
  private static final byte[] NOTHING = {};

  private final Nodes nodes;
  private final ChunkStore.Session session;
  private final Fileset base;
  private final Attributes attributes;
  private final Reach.Found reused;
  private final Deque<Frame> frames = new ArrayDeque<>();

  FilesetWriter(Fileset base, ChunkStore.Session session) {
    this.nodes = new Nodes(session);
    this.session = session;
    this.base = base;
    this.attributes = new Attributes(nodes, base.attributes(), session);
    TreeRoot root = new TreeRoot.Stored(base.content());
    Sums sums = new Sums(0, base.files(), base.size());
    frames.push(new Frame(nodes, session, NOTHING, 0, EntryFormat.directory(root, sums)));
    // What the new fileset will name without having been put in this session must stay.
    this.reused = Reach.reuse(session);
    Reach.ofFileset(base, reused);
  }

  /// Applies steps that come in the order of the tree.
  Fileset apply(Iterator<Step> steps) {
    Optional<Step> last = Optional.empty();
    while (steps.hasNext()) {
      Step step = steps.next();
      boolean same = last.isPresent() && Arrays.equals(last.get().key(), step.key());
      if (last.isPresent() && !same) {
        accept(last.get());
      }
      last = Optional.of(same ? last.get().then(step) : step);
    }
    last.ifPresent(this::accept);
    while (frames.size() > 1) {
      pop();
    }
    return finish();
  }

  private Fileset finish() {
    Optional<Digest> attributesNow = attributes.finish(base.attributes());
    Optional<Node> root = frames.pop().finishNode();
    if (root.isEmpty()) {
      return new Fileset(Filesets.EMPTY.content(), attributesNow, 0, 0);
    }
    byte[] bytes = root.get().encode();
    Digest content = session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length);
    Sums sums = root.get().sums();
    return new Fileset(content, attributesNow, sums.files(), sums.size());
  }

  private void accept(Step step) {
    byte[] key = step.key();
    while (!frames.getFirst().holds(key)) {
      pop();
    }
    if (step.order() < frames.getFirst().clearedAt()) {
      return;
    }
    attributes.follow(step);
    if (step.isOfAttributes()) {
      return;
    }
    if (step.value().length > 0) {
      Reach.ofEntry(step.value(), reused);
    }
    boolean folder = step.kind() == Step.Kind.CLEAR || step.kind() == Step.Kind.GRAFT;
    if (key.length == 0) {
      frames.clear();
      frames.push(new Frame(nodes, session, key, step.order(), graft(step)));
      return;
    }
    int end = folder ? key.length - 1 : key.length;
    int from = frames.getFirst().path().length;
    for (int i = from; i < end; i++) {
      if (key[i] == '/') {
        open(Arrays.copyOf(key, i + 1));
      }
    }
    if (folder) {
      frames.push(new Frame(nodes, session, key, step.order(), graft(step)));
    } else {
      Frame frame = frames.getFirst();
      frame.file(Arrays.copyOfRange(key, frame.path().length, key.length), step);
    }
  }

  private static byte[] graft(Step step) {
    boolean empty =
        step.kind() == Step.Kind.CLEAR || EntryFormat.measure(step.value()).files() == 0;
    return empty ? NOTHING : step.value();
  }

  private void open(byte[] path) {
    Frame above = frames.getFirst();
    byte[] name = Arrays.copyOfRange(path, above.path().length, path.length);
    frames.push(new Frame(nodes, session, path, above.clearedAt(), above.baseEntry(name)));
  }

  private void pop() {
    Frame done = frames.pop();
    Frame above = frames.getFirst();
    byte[] name = Arrays.copyOfRange(done.path(), above.path().length, done.path().length);
    above.directory(name, done.finish());
  }
}
