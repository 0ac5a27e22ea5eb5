package dev.dassie.cli.question;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Reply;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.file.Unpacking;
import dev.dassie.cli.terminal.Cells;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryNotEmptyException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.nio.file.attribute.PosixFilePermission;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import tools.jackson.databind.JsonNode;

/// The files of one commit in a local folder, which moves to another commit at the cost of what
/// differs. Every file carries one fixed time, so that what a command left there is found by the
/// times alone, and put right.
final class Checkout implements AutoCloseable {
  private static final FileTime MARK = FileTime.from(Instant.parse("2001-01-01T00:00:00Z"));

  private final Session session;
  private final Address repo;
  private final Path folder;
  private Optional<String> commit = Optional.empty();

  Checkout(Session session, Address repo) throws IOException {
    this.session = session;
    this.repo = repo;
    this.folder = Files.createTempDirectory("dassie-bisect-");
  }

  Path folder() {
    return folder;
  }

  /// Makes the folder hold exactly the files of a commit.
  void move(String to) throws IOException, InterruptedException {
    if (commit.isEmpty() || !mend(commit.get())) {
      whole(to);
    } else if (!commit.get().equals(to)) {
      differences(commit.get(), to);
    }
    commit = Optional.of(to);
  }

  private void whole(String to) throws IOException, InterruptedException {
    empty();
    Request request = Request.get(repo.withCommit(to).commitUrl() + "/tar").with("path", "/");
    try (Reply reply = session.api().open(request)) {
      new Unpacking(folder).unpack(reply.body());
    }
    walk((path, attributes) -> Files.setLastModifiedTime(path, MARK));
  }

  private void differences(String from, String to) throws IOException, InterruptedException {
    List<JsonNode> changed = new ArrayList<>();
    Request request = Request.get(repo.withCommit(to).commitUrl() + "/diff").with("with", from);
    try (Lines lines = session.api().lines(request)) {
      for (Optional<JsonNode> one = lines.next(); one.isPresent(); one = lines.next()) {
        remove(path(Cells.text(one.get(), "path")));
        if (!one.get().path("new").isNull()) {
          changed.add(one.get().path("new"));
        }
      }
    }
    for (JsonNode file : changed) {
      fetch(to, Cells.text(file, "path"), file.path("executable").asBoolean(false));
    }
  }

  /// Removes what a command left and brings back what it changed; false where it took files away.
  private boolean mend(String at) throws IOException, InterruptedException {
    List<Path> strange = new ArrayList<>();
    long[] marked = {0};
    walk((path, attributes) -> {
      if (attributes.isRegularFile() && attributes.lastModifiedTime().equals(MARK)) {
        marked[0]++;
      } else {
        strange.add(path);
      }
    });
    for (Path path : strange) {
      Files.delete(path);
      Optional<JsonNode> file = inspect(at, folder.relativize(path));
      if (file.isPresent()) {
        fetch(at, Cells.text(file.get(), "path"), file.get().path("executable").asBoolean(false));
        marked[0]++;
      }
    }
    JsonNode now = session.api().json(Request.get(repo.withCommit(at).commitUrl()));
    return now.path("files").asLong(-1) == marked[0];
  }

  private Optional<JsonNode> inspect(String at, Path path)
      throws IOException, InterruptedException {
    try {
      JsonNode file =
          session
              .api()
              .json(
                  Request.get(repo.withCommit(at).commitUrl() + "/files/inspect")
                      .with("path", "/" + path));
      return Optional.of(file).filter(one -> Cells.text(one, "kind").equals("file"));
    } catch (ProblemException e) {
      if (e.problem().code().equals(Problem.NOT_FOUND)
          || e.problem().code().equals(Problem.INVALID)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  private void fetch(String at, String name, boolean executable)
      throws IOException, InterruptedException {
    Path target = path(name);
    Files.createDirectories(target.getParent());
    Request request = Request.get(repo.withCommit(at).commitUrl() + "/file").with("path", name);
    try (Reply reply = session.api().open(request)) {
      Files.copy(reply.body(), target, StandardCopyOption.REPLACE_EXISTING);
    }
    if (executable) {
      Set<PosixFilePermission> permissions = new HashSet<>(Files.getPosixFilePermissions(target));
      permissions.add(PosixFilePermission.OWNER_EXECUTE);
      Files.setPosixFilePermissions(target, permissions);
    }
    Files.setLastModifiedTime(target, MARK);
  }

  /// A path of the commit in the folder; the server has no `..` in paths, and is not trusted with
  /// it.
  private Path path(String name) {
    Path path = folder.resolve(name.substring(1)).normalize();
    if (!path.startsWith(folder) || path.equals(folder)) {
      throw Problem.of(
              Problem.FAILED,
              "The path `%s` leads out of the checkout.".formatted(name),
              Optional.empty())
          .asException();
    }
    return path;
  }

  /// Removes a file, and the folders that it leaves empty.
  private void remove(Path file) throws IOException {
    Files.deleteIfExists(file);
    Path above = file.getParent();
    while (above != null && !above.equals(folder)) {
      try {
        Files.delete(above);
      } catch (DirectoryNotEmptyException | NoSuchFileException e) {
        return;
      }
      above = above.getParent();
    }
  }

  private interface Looking {
    void at(Path path, BasicFileAttributes attributes) throws IOException;
  }

  /// Looks at everything that is no directory; links are not followed.
  private void walk(Looking looking) throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            looking.at(file, attributes);
            return FileVisitResult.CONTINUE;
          }
        });
  }

  private void empty() throws IOException {
    Files.walkFileTree(
        folder,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path directory, IOException trouble)
              throws IOException {
            if (!directory.equals(folder)) {
              Files.delete(directory);
            }
            return FileVisitResult.CONTINUE;
          }
        });
  }

  @Override
  public void close() {
    try {
      if (Files.isDirectory(folder, LinkOption.NOFOLLOW_LINKS)) {
        empty();
        Files.delete(folder);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
