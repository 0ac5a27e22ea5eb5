package dev.dassie.cli.file;

import dev.dassie.api.Problem;
import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.Optional;
import java.util.function.Consumer;

/// The files below a local directory, as members of a tar. Links to files are followed, links to
/// directories are not; what is neither file nor directory is passed by, and `skipped` is told.
public final class Tree {
  private static final char NOT_UTF_8 = '\uFFFD';

  private Tree() {}

  /// Gives the files below `root` in no particular order, named `prefix` and their path within the
  /// root.
  static void each(Path root, String prefix, Consumer<String> skipped, Tar.Receiver receiver)
      throws IOException {
    Files.walkFileTree(
        root.toRealPath(),
        new SimpleFileVisitor<Path>() {
          private final Path real = root.toRealPath();

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            String name = prefix + real.relativize(file);
            Optional<Tar.Member> member = member(file, name, skipped);
            if (member.isPresent()) {
              receiver.accept(member.get());
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  /// One file as a member; empty when it is no file.
  ///
  /// @throws dev.dassie.api.ProblemException when its name is not UTF-8
  public static Optional<Tar.Member> member(Path path, String name, Consumer<String> skipped)
      throws IOException {
    if (name.indexOf(NOT_UTF_8) >= 0) {
      throw Problem.invalid("The name `%s` is not UTF-8, which paths must be.".formatted(name))
          .asException();
    }
    PosixFileAttributes attributes = Files.readAttributes(path, PosixFileAttributes.class);
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
