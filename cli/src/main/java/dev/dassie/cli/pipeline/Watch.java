package dev.dassie.cli.pipeline;

import java.io.IOException;
import java.nio.file.FileSystems;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardWatchEventKinds;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.TimeUnit;

/// Notices when files change: some single ones, and all beneath some directories. Changes that come
/// close together count as one, for an editor writes a file in several steps.
final class Watch implements AutoCloseable {
  private static final Duration QUIET = Duration.ofMillis(30);
  private static final int MOST_ROUNDS = 20;
  private static final int MOST_FOLDERS = 10_000;

  private final WatchService service;
  private final Runnable whenChanged;
  private final Map<WatchKey, Path> folders = new HashMap<>();
  private final Set<Path> files = new HashSet<>();
  private final Set<Path> trees = new HashSet<>();
  private Optional<Long> changed = Optional.empty();

  /// @param whenChanged called on a thread of its own for each change, before [#await] answers with
  ///   it; it must return at once
  Watch(Runnable whenChanged) throws IOException {
    this.service = FileSystems.getDefault().newWatchService();
    this.whenChanged = whenChanged;
    Thread.ofPlatform().daemon().name("dassie-watch").start(this::follow);
  }

  /// Watches these files from now on, whether they are there or not, instead of those before.
  synchronized void files(List<Path> wanted) throws IOException {
    files.clear();
    for (Path file : wanted) {
      Path place = file.toAbsolutePath().normalize();
      files.add(place);
      Optional<Path> parent = Optional.ofNullable(place.getParent());
      if (parent.isPresent() && Files.isDirectory(parent.get())) {
        register(parent.get());
      }
    }
  }

  /// Watches everything beneath these directories from now on; `.git` is left out.
  synchronized void trees(List<Path> wanted) throws IOException {
    trees.clear();
    for (Path tree : wanted) {
      Path root = tree.toAbsolutePath().normalize();
      trees.add(root);
      if (Files.isDirectory(root)) {
        registerAll(root);
      }
    }
  }

  /// Waits for a change.
  ///
  /// @return when it came, as of `System.nanoTime()`
  synchronized long await() throws InterruptedException {
    while (changed.isEmpty()) {
      wait();
    }
    long at = changed.get();
    changed = Optional.empty();
    return at;
  }

  /// Whether there is a change that [#await] has not answered with.
  synchronized boolean pending() {
    return changed.isPresent();
  }

  private void register(Path folder) throws IOException {
    if (folders.size() < MOST_FOLDERS) {
      WatchKey key =
          folder.register(
              service,
              StandardWatchEventKinds.ENTRY_CREATE,
              StandardWatchEventKinds.ENTRY_MODIFY,
              StandardWatchEventKinds.ENTRY_DELETE);
      folders.put(key, folder);
    }
  }

  private void registerAll(Path root) throws IOException {
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes)
              throws IOException {
            if (folder.endsWith(".git")) {
              return FileVisitResult.SKIP_SUBTREE;
            }
            register(folder);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult visitFileFailed(Path file, IOException e) {
            return FileVisitResult.CONTINUE; // gone again already, or not readable
          }
        });
  }

  private void follow() {
    try {
      while (true) {
        if (seen(service.take())) {
          long at = System.nanoTime();
          settle();
          synchronized (this) {
            changed = Optional.of(changed.orElse(at));
            whenChanged.run();
            notifyAll();
          }
        }
      }
    } catch (InterruptedException | java.nio.file.ClosedWatchServiceException e) {
      Thread.currentThread().interrupt();
    }
  }

  /// Waits until it is quiet, but not for ever.
  private void settle() throws InterruptedException {
    for (int round = 0; round < MOST_ROUNDS; round++) {
      WatchKey more = service.poll(QUIET.toMillis(), TimeUnit.MILLISECONDS);
      if (more == null) {
        return;
      }
      boolean _ = seen(more);
    }
  }

  /// Whether what happened concerns what is watched.
  private synchronized boolean seen(WatchKey key) {
    Path folder = folders.get(key);
    boolean relevant = false;
    for (WatchEvent<?> event : key.pollEvents()) {
      if (folder != null && event.context() instanceof Path name) {
        Path place = folder.resolve(name);
        relevant |= files.contains(place) || inTree(place);
      } else {
        relevant = true; // events were lost: look again
      }
    }
    if (!key.reset()) {
      folders.remove(key);
    }
    return relevant;
  }

  private boolean inTree(Path place) {
    return !place.endsWith(".git") && trees.stream().anyMatch(place::startsWith);
  }

  @Override
  public void close() throws IOException {
    service.close();
  }
}
