package dev.dassie.store.disk;

import java.net.URI;
import java.nio.file.FileSystem;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.WatchEvent;
import java.nio.file.WatchKey;
import java.nio.file.WatchService;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/// A path on a [SimulatedDisk]: names, from the root or not.
final class SimulatedPath implements Path {
  private final SimulatedFiles files;
  private final boolean absolute;
  private final List<String> names;

  SimulatedPath(SimulatedFiles files, boolean absolute, List<String> names) {
    this.files = files;
    this.absolute = absolute;
    this.names = List.copyOf(names);
  }

  static SimulatedPath parse(SimulatedFiles files, String text) {
    List<String> names = new ArrayList<>();
    for (String name : text.split("/")) {
      if (!name.isEmpty()) {
        names.add(name);
      }
    }
    return new SimulatedPath(files, text.startsWith("/"), names);
  }

  List<String> names() {
    return names;
  }

  private SimulatedPath of(boolean fromRoot, List<String> parts) {
    return new SimulatedPath(files, fromRoot, parts);
  }

  @Override
  public FileSystem getFileSystem() {
    return files;
  }

  @Override
  public boolean isAbsolute() {
    return absolute;
  }

  @Override
  public Path getRoot() {
    return of(true, List.of());
  }

  @Override
  public Path getFileName() {
    return of(false, List.of(names.getLast()));
  }

  @Override
  public Path getParent() {
    return names.isEmpty() ? null : of(absolute, names.subList(0, names.size() - 1));
  }

  @Override
  public int getNameCount() {
    return names.size();
  }

  @Override
  public Path getName(int index) {
    return of(false, List.of(names.get(index)));
  }

  @Override
  public Path subpath(int from, int to) {
    return of(false, names.subList(from, to));
  }

  @Override
  public boolean startsWith(Path other) {
    return other instanceof SimulatedPath that
        && names.size() >= that.names.size()
        && names.subList(0, that.names.size()).equals(that.names);
  }

  @Override
  public boolean endsWith(Path other) {
    return other instanceof SimulatedPath that
        && names.size() >= that.names.size()
        && names.subList(names.size() - that.names.size(), names.size()).equals(that.names);
  }

  @Override
  public Path normalize() {
    return this;
  }

  @Override
  public Path resolve(Path other) {
    SimulatedPath that = (SimulatedPath) other;
    if (that.absolute) {
      return that;
    }
    List<String> all = new ArrayList<>(names);
    all.addAll(that.names);
    return of(absolute, all);
  }

  @Override
  public Path relativize(Path other) {
    SimulatedPath that = (SimulatedPath) other;
    if (!that.startsWith(this)) {
      throw new IllegalArgumentException(that + " is not beneath " + this);
    }
    return of(false, that.names.subList(names.size(), that.names.size()));
  }

  @Override
  public URI toUri() {
    return URI.create("simulated:" + this);
  }

  @Override
  public Path toAbsolutePath() {
    return of(true, names);
  }

  @Override
  public Path toRealPath(LinkOption... options) {
    return toAbsolutePath();
  }

  @Override
  public WatchKey register(
      WatchService watcher, WatchEvent.Kind<?>[] events, WatchEvent.Modifier... modifiers) {
    throw new UnsupportedOperationException();
  }

  @Override
  public int compareTo(Path other) {
    return toString().compareTo(other.toString());
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof SimulatedPath that
        && absolute == that.absolute
        && names.equals(that.names);
  }

  @Override
  public int hashCode() {
    return Objects.hash(absolute, names);
  }

  @Override
  public String toString() {
    return (absolute ? "/" : "") + String.join("/", names);
  }
}
