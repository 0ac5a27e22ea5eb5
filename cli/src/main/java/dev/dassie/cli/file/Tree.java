package dev.dassie.cli.file;

import dev.dassie.api.Problem;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
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
    each(root, prefix, skipped, receiver, 0);
  }

  /// One look at each file: a tree of 100,000 small ones takes as long to look at as to read.
  private static void each(
      Path directory, String prefix, Consumer<String> skipped, Tar.Receiver receiver, int depth)
      throws IOException {
    if (depth > DEPTH_MAX) {
      throw Problem.invalid("`%s` is nested deeper than 1,000 directories.".formatted(directory))
          .asException();
    }
    try (DirectoryStream<Path> children = Files.newDirectoryStream(directory)) {
      for (Path child : children) {
        PosixFileAttributes attributes = attributes(child, LinkOption.NOFOLLOW_LINKS);
        String name = prefix + child.getFileName();
        if (attributes.isDirectory()) {
          each(child, name + "/", skipped, receiver, depth + 1);
        } else {
          Optional<Tar.Member> member =
              member(
                  child,
                  name,
                  attributes.isSymbolicLink() ? attributes(child) : attributes,
                  skipped);
          if (member.isPresent()) {
            receiver.accept(member.get());
          }
        }
      }
    } catch (DirectoryIteratorException e) {
      throw Optional.ofNullable(e.getCause()).orElseGet(() -> new IOException(e));
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
