package dev.dassie.store.disk;

import dev.dassie.content.Outside;
import dev.dassie.content.OutsideReader;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;

/// Files of this host as `file:///…` (RFC 8089). Their version is their time of change; links are
/// resolved when they are looked at. Thread-safe.
public final class HostFiles implements OutsideReader {
  private static final String SETTING = "references_allow";
  private static final List<Path> NEVER =
      List.of(Path.of("/proc"), Path.of("/sys"), Path.of("/dev"));

  private final Rule rule;

  /// What may be referred to.
  ///
  /// @param folders files beneath these may be; where there are none, see `open`
  /// @param open whether, without folders, files that every user of the host may read may be, save
  ///   those beneath a folder whose name begins with a dot
  /// @param never a folder whose files never may be
  public record Rule(List<Path> folders, boolean open, Path never) {
    public Rule {
      folders = folders.stream().map(folder -> real(folder).orElse(folder)).toList();
      never = real(never).orElse(never);
    }
  }

  public HostFiles(Rule rule) {
    this.rule = rule;
  }

  @Override
  public Outside look(String location) {
    Path path = path(location);
    return look(path, attributes(path));
  }

  private Outside look(Path path, PosixFileAttributes attributes) {
    check(path, attributes);
    return new Outside(uri(path), attributes.size(), version(attributes));
  }

  @Override
  public Iterator<Found> beneath(String location) {
    Path folder = path(location);
    if (!attributes(folder).isDirectory()) {
      throw new Fault.Invalid("The location", location, "a folder").asException();
    }
    checkPlace(folder);
    return new Walk(folder);
  }

  @Override
  public InputStream open(Outside file, String name, long offset, long length) {
    Path path = path(file.location());
    PosixFileAttributes attributes = attributes(path);
    check(path, attributes);
    verify(file, name, attributes);
    try {
      InputStream bytes = Files.newInputStream(path);
      bytes.skipNBytes(Math.min(offset, file.size()));
      return new HostFileStream(
          bytes, length, () -> verify(file, name, attributes(path)), drift(file, name, "shorter"));
    } catch (IOException e) {
      throw drift(file, name, "unreadable (" + e.getMessage() + ")");
    }
  }

  private static void verify(Outside file, String name, PosixFileAttributes attributes) {
    if (attributes.size() != file.size()) {
      throw drift(file, name, attributes.size() + " bytes long, not " + file.size());
    }
    if (!version(attributes).equals(file.version())) {
      throw drift(file, name, "of `%s`, not `%s`".formatted(version(attributes), file.version()));
    }
  }

  private static DassieException drift(Outside file, String name, String found) {
    return new Fault.Failed(
            "The file `%s` refers to `%s`, which changed since: it is %s."
                .formatted(name, file.location(), found),
            Optional.of("Put it again to refer to what is there now, or bring the old one back."))
        .asException();
  }

  private static String version(PosixFileAttributes attributes) {
    Instant time = attributes.lastModifiedTime().toInstant();
    return "mtime:%d.%09d".formatted(time.getEpochSecond(), time.getNano());
  }

  private void check(Path path, PosixFileAttributes attributes) {
    checkPlace(path);
    if (!attributes.isRegularFile()) {
      throw new Fault.Invalid("The location", uri(path), "a file").asException();
    }
    if (rule.folders().isEmpty()
        && !attributes.permissions().contains(PosixFilePermission.OTHERS_READ)) {
      throw denied(path, "which not every user of the host may read");
    }
  }

  private void checkPlace(Path path) {
    if (path.startsWith(rule.never()) || NEVER.stream().anyMatch(path::startsWith)) {
      throw denied(path, "whose place is the system's or the server's own");
    }
    if (!rule.folders().isEmpty()) {
      if (rule.folders().stream().noneMatch(path::startsWith)) {
        throw denied(path, "which is beneath no folder of the setting `" + SETTING + "`");
      }
    } else if (!rule.open()) {
      throw denied(path, "as the setting `" + SETTING + "` names no folder");
    } else {
      for (Path part : path) {
        if (part.toString().startsWith(".")) {
          throw denied(path, "which lies beneath a hidden folder");
        }
      }
    }
  }

  private static DassieException denied(Path path, String why) {
    return new Fault.Denied(
            "the server",
            "refer to `%s`, %s; name its folder in `%s` (`DASSIE_REFERENCES_ALLOW`)"
                .formatted(uri(path), why, SETTING))
        .asException();
  }

  /// The real path behind a location.
  private static Path path(String location) {
    if (!location.startsWith("file:")) {
      String scheme = location.substring(0, Math.max(0, location.indexOf(':')));
      throw new Fault.Unsupported(
              "a reference to " + scheme + "://", Optional.of("`file:///…` is."))
          .asException();
    }
    try {
      return Path.of(URI.create(location)).toRealPath();
    } catch (IllegalArgumentException e) {
      throw new Fault.Invalid("The location", location, "a URL such as `file:///data/a.csv`")
          .asException();
    } catch (NoSuchFileException e) {
      throw missing(location);
    } catch (IOException e) {
      throw new Fault.Invalid("The location", location, "a file that the server can read")
          .asException();
    }
  }

  private static DassieException missing(String location) {
    return new Fault.NotFound(
            "file", location, Optional.of("It is not there on the server's host."))
        .asException();
  }

  private static Optional<Path> real(Path path) {
    try {
      return Optional.of(path.toRealPath());
    } catch (IOException e) {
      return Optional.empty();
    }
  }

  private static String uri(Path path) {
    String text = path.toUri().toString();
    return text.endsWith("/") ? text.substring(0, text.length() - 1) : text;
  }

  private static PosixFileAttributes attributes(Path path, LinkOption... options) {
    try {
      return Files.readAttributes(path, PosixFileAttributes.class, options);
    } catch (NoSuchFileException e) {
      throw missing(uri(path));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// Files beneath a folder, folder by folder; links are passed by, as they may lead out of it.
  private final class Walk implements Iterator<Found> {
    private final Path root;
    private final Deque<Path> left = new ArrayDeque<>();
    private Optional<Found> next;

    Walk(Path root) {
      this.root = root;
      left.push(root);
      this.next = find();
    }

    private Optional<Found> find() {
      while (!left.isEmpty()) {
        Path path = left.pop();
        PosixFileAttributes attributes = attributes(path, LinkOption.NOFOLLOW_LINKS);
        if (attributes.isDirectory()) {
          children(path).forEach(left::push);
        } else if (attributes.isRegularFile()) {
          return Optional.of(new Found(root.relativize(path).toString(), look(path, attributes)));
        }
      }
      return Optional.empty();
    }

    /// By name, the last one first.
    private static List<Path> children(Path folder) {
      List<Path> children = new ArrayList<>();
      try (DirectoryStream<Path> stream = Files.newDirectoryStream(folder)) {
        stream.forEach(children::add);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
      children.sort(Collections.reverseOrder());
      return children;
    }

    @Override
    public boolean hasNext() {
      return next.isPresent();
    }

    @Override
    public Found next() {
      Found found = next.orElseThrow(NoSuchElementException::new);
      next = find();
      return found;
    }
  }
}
