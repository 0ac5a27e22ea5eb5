package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Random;

/// An instance in memory with a clock that moves a millisecond at each look and seeded ids.
public final class World {
  public static final Call ANN = new Call("local:ann", "");

  public final Metadata metadata;
  public final ChunkStore chunks;
  public final TestClock clock = new TestClock();
  public final Versions versions;
  public final Files files;

  public World(Path folder) {
    this(folder, new MemoryMetadata(), new Packs(new MemoryObjectStore(), folder.resolve("index")));
  }

  public World(Path folder, Metadata metadata, ChunkStore chunks) {
    this.metadata = metadata;
    this.chunks = chunks;
    this.versions = new Versions(metadata, chunks, folder, clock, IdSource.of(new Random(42)));
    this.files = new Files(versions);
  }

  /// A clock that tests can move.
  public static final class TestClock implements InstantSource {
    private Instant now = Instant.parse("2026-11-21T10:00:00Z");

    @Override
    public synchronized Instant instant() {
      now = now.plusMillis(1);
      return now;
    }

    public synchronized void pass(Duration time) {
      now = now.plus(time);
    }
  }

  static RepoName repo(String name) {
    return new RepoName("default", name);
  }

  /// `repo@branch`.
  static BranchName branch(String text) {
    int at = text.indexOf('@');
    return new BranchName(repo(text.substring(0, at)), text.substring(at + 1));
  }

  /// A fileset that only has an identity.
  static Fileset content(String text) {
    return new Fileset(
        Digest.of(text.getBytes(StandardCharsets.UTF_8)), Optional.empty(), 1, text.length());
  }

  void createRepo(String name) {
    versions.change(ANN, change -> change.createRepo(repo(name), ""));
  }

  /// A pipeline as this room sees it: an output repo and a branch with provenance.
  Ref.Branch pipeline(String name, String... inputs) {
    return versions.change(
        ANN,
        change -> {
          if (change.repo(repo(name)).isEmpty()) {
            change.createRepo(repo(name), "");
          }
          List<BranchName> sources = List.of(inputs).stream().map(World::branch).toList();
          for (BranchName source : sources) {
            if (!source.isPinned() && change.ref(source).isEmpty()) {
              change.createBranch(source, Optional.empty(), List.of(), Optional.empty());
            }
          }
          return change.createBranch(
              branch(name + "@master"), Optional.empty(), sources, Optional.of(name));
        });
  }

  Commit start(String branch) {
    return versions.change(ANN, change -> change.startCommit(branch(branch)));
  }

  Commit put(String branch, String text) {
    return versions.change(ANN, change -> change.putFinished(branch(branch), content(text)));
  }

  Commit finish(Commit commit, String text) {
    return versions.change(ANN, change -> change.finish(commit.name(), content(text)));
  }

  Commit resolve(String address) {
    return versions.resolve("default", address);
  }
}
