package dev.dassie.version;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;

/// Reads the whole of an instance into a [Picture], as a client would.
final class Observation {
  private static final int ALL = 10_000;

  private final Versions versions;

  /// Bytes of bodies that were read already: commits share most of them.
  private final Map<Body, String> read = new HashMap<>();

  private Observation(Versions versions) {
    this.versions = versions;
  }

  static Picture of(Versions versions) {
    return new Observation(versions).whole();
  }

  private Picture whole() {
    Picture picture = new Picture();
    for (Repo repo : versions.repos(Optional.empty(), Optional.empty(), "", ALL).items()) {
      String name = repo.name().local();
      picture.repos.add(name);
      for (Commit commit : versions.commits(repo.name(), any -> true, "", ALL).items()) {
        picture.commits.put(label(commit), commit(commit));
      }
      for (Ref ref : versions.refs(repo.name(), "", ALL).items()) {
        add(picture, ref);
      }
    }
    versions.ask(snapshot -> {
      snapshot
          .all(Tables.STUB, "")
          .forEach(row -> {
            Stub stub = Tables.decodeStub(row.value());
            picture.commits.put(label(stub.commit()), stub(stub.commit()));
          });
      return true;
    });
    return picture;
  }

  private void add(Picture picture, Ref ref) {
    RepoName repo = ref.name().repo();
    String name = repo.local() + "@" + ref.name().branch();
    Optional<String> head = ref.head().map(id -> label(new CommitName(repo, id)));
    switch (ref) {
      case Ref.Tag tag -> picture.tags.put(name, head.orElseThrow());
      case Ref.Branch branch ->
          picture.branches.put(
              name,
              new Picture.Branch(
                  head,
                  branch.provenance().stream()
                      .map(source -> source.repo().local() + "@" + source.branch())
                      .toList()));
    }
  }

  static String label(Commit commit) {
    return commit.name().repo().local() + "/" + commit.message();
  }

  private String label(CommitName name) {
    return label(versions.find(name).or(() -> versions.stub(name).map(Stub::commit)).orElseThrow());
  }

  private Picture.Known commit(Commit commit) {
    boolean output = versions.ask(snapshot -> snapshot.needCommit(commit.name()).output());
    String state =
        switch (commit.state()) {
          case Commit.Open open -> "open";
          case Commit.Finished finished -> "finished";
          case Commit.Failed failed -> "failed";
        };
    boolean readable = !(commit.state() instanceof Commit.Failed) && !(output && commit.isOpen());
    return known(commit, state, output, readable ? files(commit.name()) : new TreeMap<>());
  }

  private Picture.Known stub(Commit commit) {
    return known(commit, "stub", false, new TreeMap<>());
  }

  private Picture.Known known(
      Commit commit, String state, boolean output, NavigableMap<String, String> files) {
    RepoName repo = commit.name().repo();
    Optional<String> parent =
        state.equals("stub")
            ? Optional.empty()
            : commit.parent().map(id -> label(new CommitName(repo, id)));
    List<String> provenance =
        commit.provenance().stream()
            .map(source -> label(source.commit()) + " by " + source.branch())
            .toList();
    return new Picture.Known(
        repo.local(), commit.branch(), parent, provenance, state, output, files);
  }

  private NavigableMap<String, String> files(CommitName name) {
    return files(versions.read(name), read);
  }

  /// Every file of a view with its bytes.
  static NavigableMap<String, String> files(ReadView view) {
    return files(view, new HashMap<>());
  }

  private static NavigableMap<String, String> files(ReadView view, Map<Body, String> read) {
    NavigableMap<String, String> files = new TreeMap<>();
    Filesets reader = view.reader();
    Iterator<Entry.File> walk = reader.walk(view.files(), FilePath.ROOT, Optional.empty());
    while (walk.hasNext()) {
      Entry.File file = walk.next();
      files.put(
          file.path().value(), read.computeIfAbsent(file.body(), body -> bytes(reader, body)));
    }
    return files;
  }

  private static String bytes(Filesets reader, Body body) {
    try (InputStream bytes = reader.open(body)) {
      return new String(bytes.readAllBytes(), StandardCharsets.ISO_8859_1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
