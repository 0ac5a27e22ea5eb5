package dev.dassie.cli.file;

import dev.dassie.api.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The files below a local directory, as members of a tar. Links to files are followed, links to
/// directories are not; what is neither file nor directory is passed by, and `skipped` is told.
public final class Tree {
  private static final int DEPTH_MAX = 1000;
  private static final char NOT_UTF_8 = '\uFFFD';

  private Tree() {}

  /// Gives the files below `root` in no particular order, named `prefix` and their path within the
  /// root.
  static void each(Path root, String prefix, Consumer<String> skipped, Tar.Receiver receiver)
      throws IOException {
    new Walk(skipped, receiver, false).below(root, prefix, 0);
  }

  /// The same in the order of the bytes of their names, as the server lists files. Holds the names
  /// of one directory of each level.
  static void sorted(Path root, String prefix, Consumer<String> skipped, Tar.Receiver receiver)
      throws IOException {
    new Walk(skipped, receiver, true).below(root, prefix, 0);
  }

  private record Child(Path path, PosixFileAttributes attributes) {
    /// What the server orders it by: a directory stands where its name and a slash do.
    byte[] key() {
      return (path.getFileName() + (attributes.isDirectory() ? "/" : ""))
          .getBytes(StandardCharsets.UTF_8);
    }
  }

  /// One look at each file: a tree of 100,000 small ones takes as long to look at as to read.
  private record Walk(Consumer<String> skipped, Tar.Receiver receiver, boolean sorted) {
    void below(Path directory, String prefix, int depth) throws IOException {
      if (depth > DEPTH_MAX) {
        throw Problem.invalid("`%s` is nested deeper than 1,000 directories.".formatted(directory))
            .asException();
      }
      List<Child> kept = new ArrayList<>();
      try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
        for (Path path : children) {
          Child child = new Child(path, Tree.attributes(path, LinkOption.NOFOLLOW_LINKS));
          if (sorted) {
            kept.add(child);
          } else {
            take(child, prefix, depth);
          }
        }
      } catch (DirectoryIteratorException e) {
        throw Optional.ofNullable(e.getCause()).orElseGet(() -> new IOException(e));
      }
      kept.sort((one, other) -> Arrays.compareUnsigned(one.key(), other.key()));
      for (Child child : kept) {
        take(child, prefix, depth);
      }
    }

    private void take(Child child, String prefix, int depth) throws IOException {
      PosixFileAttributes attributes = child.attributes();
      String name = prefix + child.path().getFileName();
      if (attributes.isDirectory()) {
        below(child.path(), name + "/", depth + 1);
        return;
      }
      Optional<Tar.Member> member =
          member(
              child.path(),
              name,
              attributes.isSymbolicLink() ? Tree.attributes(child.path()) : attributes,
              skipped);
      if (member.isPresent()) {
        receiver.accept(member.get());
      }
    }
  }

  private static PosixFileAttributes attributes(Path path, LinkOption... options)
      throws IOException {
    return Files.readAttributes(path, PosixFileAttributes.class, options);
  }

  /// One file as a member; empty when it is no file.
  ///
  /// @throws dev.dassie.api.ProblemException when its name is not UTF-8
  public static Optional<Tar.Member> member(Path path, String name, Consumer<String> skipped)
      throws IOException {
    return member(path, name, attributes(path), skipped);
  }

  private static Optional<Tar.Member> member(
      Path path, String name, PosixFileAttributes attributes, Consumer<String> skipped) {
    if (name.indexOf(NOT_UTF_8) >= 0) {
      throw Problem.invalid("The name `%s` is not UTF-8, which paths must be.".formatted(name))
          .asException();
    }
    if (attributes.isRegularFile()) {
      boolean executable = attributes.permissions().contains(PosixFilePermission.OWNER_EXECUTE);
      return Optional.of(new Tar.Member(name, path, attributes.size(), executable));
    }
    skipped.accept(
        attributes.isDirectory()
            ? "`%s` is a link to a directory; it is left out.".formatted(path)
            : "`%s` is neither a file nor a directory; it is left out.".formatted(path));
    return Optional.empty();
  }
}
