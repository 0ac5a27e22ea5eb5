package dev.dassie.server.console;

import dev.dassie.fileset.FilePath;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Optional;

/// Where a reader is in a repo: the commit that is shown, and under which address.
///
/// @param place as the address has it: a branch, a tag, an id, …
/// @param note a sentence where the newest commit is not the one shown
/// @param refs other places of the repo, some of them
/// @param newest the newest finished commits of the branch on which the commit was made
public record At(
    RepoName repo,
    String place,
    Commit commit,
    FilePath path,
    Optional<String> note,
    List<Ref> refs,
    boolean moreRefs,
    List<Commit> newest) {
  private static final int REFS = 30;
  private static final int NEWEST = 12;

  public At {
    refs = List.copyOf(refs);
    newest = List.copyOf(newest);
  }

  static At of(Versions versions, Commit commit, String place) {
    return of(versions, commit, place, FilePath.ROOT, Optional.empty());
  }

  static At of(
      Versions versions, Commit commit, String place, FilePath path, Optional<String> note) {
    // An id that the set used names a commit of the repo that the address names.
    RepoName repo = commit.name().repo();
    dev.dassie.version.Page<Ref> refs = versions.refs(repo, "", REFS);
    CommitName head =
        versions
            .findRef(new BranchName(repo, commit.branch()))
            .flatMap(Ref::head)
            .map(id -> new CommitName(repo, id))
            .orElse(commit.name());
    List<Commit> newest =
        versions.history(head, one -> one.state() instanceof Commit.Finished, "", NEWEST).items();
    return new At(repo, place, commit, path, note, refs.items(), refs.next().isPresent(), newest);
  }

  /// The same page about the same file in another commit.
  public String travelled(Commit other, String tab) {
    String id = other.name().id().value();
    return tab.equals("file") || tab.equals("files")
        ? Links.file(repo, id, path)
        : Links.about(repo, id, tab, path);
  }

  /// Whether the address names this commit for good.
  public boolean fixed() {
    return commit.name().id().value().equals(place);
  }

  /// The address as people read it: of an id its first digits.
  public String shortPlace() {
    return fixed() ? Say.brief(place) : place;
  }

  /// The same page under the commit's id.
  public String permalink() {
    return Links.file(commit.name(), path);
  }

  public String files() {
    return Links.place(repo, place);
  }

  public String link(FilePath other) {
    return Links.file(repo, place, other);
  }

  public String about(String page) {
    return Links.about(repo, place, page, path);
  }

  /// As the command line has it: `repo@branch:/path`.
  public String address() {
    return repo + "@" + place + ":" + path;
  }

  /// `open`, `finished` or `failed`
  public String state() {
    return state(commit);
  }

  public static String state(Commit commit) {
    return switch (commit.state()) {
      case Commit.Open _ -> "open";
      case Commit.Finished _ -> "finished";
      case Commit.Failed _ -> "failed";
    };
  }
}
