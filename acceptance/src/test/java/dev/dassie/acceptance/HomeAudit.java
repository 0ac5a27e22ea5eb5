package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Packs;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.store.disk.DiskObjectStore;
import dev.dassie.store.sql.SqliteMetadata;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.IdSource;
import dev.dassie.version.Page;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.RowAudit;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.InstantSource;
import java.util.HashSet;
import java.util.Iterator;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Stream;

/// Reads the whole of a home that no server uses, from the database down to the bytes: every index
/// of the database says what the commits say, and every byte of every finished commit is there. It
/// looks at a copy, so that what the next server finds is what the last one left.
final class HomeAudit implements AutoCloseable {
  private static final int PAGE = 10_000;

  private final SqliteMetadata database;
  private final Packs packs;
  private final Versions versions;
  private final Filesets filesets;
  private final Set<Body> read = new HashSet<>();

  private HomeAudit(Path copy) throws IOException {
    database = new SqliteMetadata(copy.resolve("dassie.db"));
    packs = new Packs(new DiskObjectStore(copy.resolve("store")), copy.resolve("index"));
    Path spill = Files.createDirectories(copy.resolve("spill"));
    versions = new Versions(database, packs, spill, InstantSource.system(), IdSource.random());
    filesets = new Filesets(packs);
  }

  /// Checks a home by way of a copy; returns how many finished commits it has.
  static long check(Path home, Path copy) throws IOException {
    copy(home, copy);
    try (HomeAudit audit = new HomeAudit(copy)) {
      assertThat(audit.packs.damaged()).isEmpty();
      RowAudit.check(audit.database);
      return audit.commits();
    }
  }

  /// Packs never change, so links to them are a copy.
  private static void copy(Path home, Path copy) throws IOException {
    Files.createDirectories(copy);
    for (String name : new String[] {"dassie.db", "dassie.db-wal"}) {
      if (Files.exists(home.resolve(name))) {
        Files.copy(home.resolve(name), copy.resolve(name));
      }
    }
    Path store = home.resolve("store");
    try (Stream<Path> paths = Files.walk(store)) {
      for (Path path : paths.toList()) {
        Path to = copy.resolve("store").resolve(store.relativize(path).toString());
        if (Files.isDirectory(path)) {
          Files.createDirectories(to);
        } else {
          Files.createLink(to, path);
        }
      }
    }
  }

  private long commits() throws IOException {
    long finished = 0;
    for (Repo repo : versions.repos(Optional.empty(), Optional.empty(), "", PAGE).items()) {
      Optional<String> cursor = Optional.of("");
      while (cursor.isPresent()) {
        Page<Commit> page = versions.commits(repo.name(), any -> true, cursor.get(), PAGE);
        for (Commit commit : page.items()) {
          Optional<Fileset> files = commit.finishedFiles();
          if (files.isPresent()) {
            commit(repo.name(), commit, files.get());
            finished++;
          }
        }
        cursor = page.next();
      }
    }
    return finished;
  }

  /// What its parent has is looked at with the parent.
  private void commit(RepoName repo, Commit commit, Fileset files) throws IOException {
    Fileset before =
        commit
            .parent()
            .flatMap(id -> versions.inspect(new CommitName(repo, id)).finishedFiles())
            .orElse(Filesets.EMPTY);
    Iterator<Difference> differences = filesets.diff(before, files, FilePath.ROOT);
    while (differences.hasNext()) {
      Difference difference = differences.next();
      if (difference.now().isPresent() && read.add(difference.now().get().body())) {
        Body body = difference.now().get().body();
        try (InputStream bytes = filesets.open(body)) {
          assertThat(bytes.transferTo(java.io.OutputStream.nullOutputStream()))
              .as("%s:%s", commit.name(), difference.path())
              .isEqualTo(body.size());
        }
      }
    }
  }

  @Override
  public void close() {
    packs.close();
    database.close();
  }
}
