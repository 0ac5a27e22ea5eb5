package dev.dassie.pipeline.transaction;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.ReadView;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Function;

/// An instance with transactions, and short ways to use them.
final class Scene {
  static final Call ANN = World.ANN;

  /// The tables that transactions may change.
  private static final List<String> TABLES =
      List.of(
          "project",
          "repo",
          "ref",
          "commit",
          "stub",
          "commit_by_repo",
          "commit_by_set",
          "commit_child",
          "commit_derived",
          "commit_head_of",
          "branch_subscriber",
          "branch_finished",
          "journal",
          "journal_state",
          "pipeline",
          "pipeline_version",
          "transaction",
          "transaction_step");

  final World world;
  final Pipelines pipelines;
  final Transactions transactions;

  Scene(Path folder, Metadata metadata) {
    this(folder, metadata, new Packs(new MemoryObjectStore(), folder.resolve("index")));
  }

  Scene(Path folder, Metadata metadata, ChunkStore chunks) {
    world = new World(folder, metadata, chunks);
    pipelines = new Pipelines(world.versions, new Random(7));
    transactions = new Transactions(world.versions, pipelines);
  }

  static RepoName repo(String name) {
    return new RepoName("default", name);
  }

  /// `repo@branch`.
  static BranchName branch(String text) {
    int at = text.indexOf('@');
    return new BranchName(repo(text.substring(0, at)), text.substring(at + 1));
  }

  void createRepos(String... names) {
    for (String name : names) {
      world.versions.change(ANN, change -> change.createRepo(repo(name), ""));
    }
  }

  /// A branch that is computed from others.
  void derive(String name, String... sources) {
    List<BranchName> provenance = List.of(sources).stream().map(Scene::branch).toList();
    world.versions.change(
        ANN,
        change -> {
          for (BranchName source : provenance) {
            if (change.ref(source).isEmpty()) {
              change.createBranch(source, Optional.empty(), List.of(), Optional.empty());
            }
          }
          return change.createBranch(branch(name), Optional.empty(), provenance, Optional.empty());
        });
  }

  CommitId begin() {
    return transactions.start(ANN).id();
  }

  /// Adds a step and answers what it would do.
  Answer add(CommitId id, Step step) {
    return add(id, change -> step);
  }

  Answer add(CommitId id, Function<Change, Step> draft) {
    return add(ANN, id, draft);
  }

  Answer add(Call call, CommitId id, Function<Change, Step> draft) {
    AtomicReference<Answer> answer = new AtomicReference<>(new Answer.Nothing());
    String _ =
        transactions.add(
            call,
            id,
            draft,
            Reply.TEXT,
            rehearsed -> {
              answer.set(rehearsed.answer());
              return rehearsed.added().step().words();
            });
    return answer.get();
  }

  Commit start(String branch) {
    return world.versions.change(ANN, change -> change.startCommit(branch(branch)));
  }

  CommitName name(String address) {
    return commit(address).name();
  }

  Commit commit(String address) {
    return world.versions.resolve("default", address);
  }

  Commit put(String address, String path, String text) {
    try (FileWriter writer = world.files.write(ANN, branch(address))) {
      writer.put(
          new FilePath(path),
          false,
          new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)),
          false,
          Optional.empty());
      return writer.commit();
    }
  }

  String read(String address, String path) {
    ReadView view = world.versions.read("default", address);
    Entry entry = view.reader().find(view.files(), new FilePath(path)).orElseThrow();
    try (InputStream bytes = view.reader().open(((Entry.File) entry).body())) {
      return new String(bytes.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// All rows that a transaction may change, and the number of events.
  String everything() {
    TreeMap<String, String> all = new TreeMap<>();
    for (String table : TABLES) {
      world
          .metadata
          .read(rows -> rows.scan(table, "", "", 100_000))
          .forEach(row ->
              all.put(table + " " + row.name(), java.util.HexFormat.of().formatHex(row.value())));
    }
    return all + " " + world.metadata.position();
  }
}
