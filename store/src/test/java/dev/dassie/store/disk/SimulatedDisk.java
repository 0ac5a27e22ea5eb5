package dev.dassie.store.disk;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.NoSuchFileException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;

/// A file system in memory that knows what was synced. Written bytes are durable once their file
/// was, names once their folder was. A power cut keeps, drops or tears everything else, each by
/// itself; a killed process loses nothing that it wrote. The disk dies, or is full, at the
/// operation that was chosen.
///
/// One thread at a time may use it.
final class SimulatedDisk {
  private static final int SECTOR = 512;

  /// Thrown by every operation of a process that is dead.
  static final class Dead extends Error {
    Dead() {
      super("the simulated process is dead", null, false, false);
    }
  }

  /// A file or a folder.
  static final class Node {
    final boolean folder;
    byte[] bytes = new byte[0];
    final NavigableMap<String, Node> names = new TreeMap<>();

    /// What a power cut leaves for certain.
    private byte[] durableBytes = new byte[0];

    private final Map<String, Node> durableNames = new LinkedHashMap<>();
    private final List<Write> unsynced = new ArrayList<>();

    Node(boolean folder) {
      this.folder = folder;
    }
  }

  private record Write(int at, byte[] bytes) {}

  private final Random random;
  private final Node root = new Node(true);
  private long operations;
  private long deadline = Long.MAX_VALUE;
  private boolean after;
  private boolean dead;
  private long fullFrom = Long.MAX_VALUE;
  private long fullUntil = Long.MAX_VALUE;

  SimulatedDisk(Random random) {
    this.random = random;
  }

  Node root() {
    return root;
  }

  long operations() {
    return operations;
  }

  /// The process dies at the n-th operation from now, before it took effect or after.
  void dieAt(long nth, boolean afterwards) {
    deadline = operations + nth;
    after = afterwards;
  }

  /// The disk has no space from the n-th operation from now, for so many operations.
  void fullAt(long nth, long count) {
    fullFrom = operations + nth;
    fullUntil = fullFrom + count;
  }

  boolean isDead() {
    return dead;
  }

  /// A new process on the same machine; `power` says whether the machine went down too.
  void restart(boolean power) {
    if (power) {
      cut(root);
    }
    dead = false;
    deadline = Long.MAX_VALUE;
    space();
  }

  /// There is space again.
  void space() {
    fullFrom = Long.MAX_VALUE;
    fullUntil = Long.MAX_VALUE;
  }

  private void cut(Node node) {
    if (!node.folder) {
      byte[] left = node.durableBytes;
      for (Write write : node.unsynced) {
        left = survive(left, write);
      }
      node.bytes = left;
      node.durableBytes = left;
      node.unsynced.clear();
      return;
    }
    NavigableMap<String, Node> now = new TreeMap<>(node.names);
    node.names.clear();
    node.names.putAll(node.durableNames);
    // Each name by itself: a rename is a name that comes and one that goes.
    for (Map.Entry<String, Node> entry : now.entrySet()) {
      if (node.durableNames.get(entry.getKey()) != entry.getValue() && random.nextBoolean()) {
        node.names.put(entry.getKey(), entry.getValue());
      }
    }
    for (String name : node.durableNames.keySet()) {
      if (!now.containsKey(name) && random.nextBoolean()) {
        node.names.remove(name);
      }
    }
    node.durableNames.clear();
    node.durableNames.putAll(node.names);
    node.names.values().forEach(this::cut);
  }

  /// A write that was not synced: there, not there, or some of its sectors.
  private byte[] survive(byte[] old, Write write) {
    byte[] now = old;
    int kind = random.nextInt(3);
    for (int at = 0; at < write.bytes().length; at += SECTOR) {
      if (kind == 0 || (kind == 1 && random.nextBoolean())) {
        int length = Math.min(SECTOR, write.bytes().length - at);
        int end = write.at() + at + length;
        now = now.length < end ? Arrays.copyOf(now, end) : now.clone();
        System.arraycopy(write.bytes(), at, now, write.at() + at, length);
      }
    }
    return now;
  }

  /// What an operation does to the volatile state.
  interface Effect {
    void run() throws IOException;
  }

  /// Runs one operation, or dies at it.
  private void step(boolean needsSpace, Effect effect) throws IOException {
    alive();
    operations++;
    if (operations >= deadline && !after) {
      dead = true;
      throw new Dead();
    }
    if (needsSpace && operations >= fullFrom && operations < fullUntil) {
      throw new IOException("No space left on device");
    }
    effect.run();
    if (operations >= deadline) {
      dead = true;
      throw new Dead();
    }
  }

  void alive() {
    if (dead) {
      throw new Dead();
    }
  }

  void write(Node file, int at, byte[] bytes) throws IOException {
    step(
        true,
        () -> {
          int end = at + bytes.length;
          file.bytes = Arrays.copyOf(file.bytes, Math.max(end, file.bytes.length));
          System.arraycopy(bytes, 0, file.bytes, at, bytes.length);
          file.unsynced.add(new Write(at, bytes));
        });
  }

  void sync(Node node) throws IOException {
    step(
        false,
        () -> {
          node.durableBytes = node.bytes.clone();
          node.unsynced.clear();
          node.durableNames.clear();
          node.durableNames.putAll(node.names);
        });
  }

  Node create(Node folder, String name, boolean isFolder) throws IOException {
    Node made = new Node(isFolder);
    step(
        true,
        () -> {
          if (folder.names.putIfAbsent(name, made) != null) {
            throw new FileAlreadyExistsException(name);
          }
        });
    return made;
  }

  void link(Node folder, String name, Node file) throws IOException {
    step(
        true,
        () -> {
          if (folder.names.putIfAbsent(name, file) != null) {
            throw new FileAlreadyExistsException(name);
          }
        });
  }

  void rename(Node from, String old, Node to, String name) throws IOException {
    step(
        true,
        () -> {
          Node moved = from.names.remove(old);
          if (moved == null) {
            throw new NoSuchFileException(old);
          }
          to.names.put(name, moved);
        });
  }

  void remove(Node folder, String name) throws IOException {
    step(
        false,
        () -> {
          if (folder.names.remove(name) == null) {
            throw new NoSuchFileException(name);
          }
        });
  }

  void truncate(Node file) throws IOException {
    step(
        false,
        () -> {
          file.bytes = new byte[0];
          file.durableBytes = new byte[0];
          file.unsynced.clear();
        });
  }

  /// The node at a path of names, or null.
  Node find(Iterable<String> path) {
    alive();
    Node node = root;
    Iterator<String> names = path.iterator();
    while (node != null && names.hasNext()) {
      node = node.folder ? node.names.get(names.next()) : null;
    }
    return node;
  }
}
