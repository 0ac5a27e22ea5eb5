package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;

/// One change of state in the feed. Every room writes its own kinds through this one encoding
/// (docs/format.md, "Events").
///
/// @param kind what happened, e.g. `commit.finished`; the kinds of this room are constants here,
///   those of other rooms are `job.…` and `pipeline.…`
/// @param project the project it happened in
/// @param repo the repo with its type (`chart.spec`), if one
/// @param branch the branch or tag, if one
/// @param commit the commit (or commit set, or job), if one
/// @param principal who caused it
/// @param details what else the kind says, e.g. `state`, `reason`, `pipeline`
public record Event(
    String kind,
    String project,
    Optional<String> repo,
    Optional<String> branch,
    Optional<CommitId> commit,
    String principal,
    Instant at,
    Map<String, String> details) {
  public static final String PROJECT_CREATED = "project.created";
  public static final String PROJECT_CHANGED = "project.changed";
  public static final String PROJECT_DELETED = "project.deleted";
  public static final String REPO_CREATED = "repo.created";
  public static final String REPO_CHANGED = "repo.changed";
  public static final String REPO_DELETED = "repo.deleted";
  public static final String BRANCH_CREATED = "branch.created";
  public static final String BRANCH_CHANGED = "branch.changed";
  public static final String BRANCH_DELETED = "branch.deleted";

  /// The head of a branch names another commit now; `commit` is the new head.
  public static final String BRANCH_MOVED = "branch.moved";

  public static final String TAG_CREATED = "tag.created";
  public static final String TAG_DELETED = "tag.deleted";
  public static final String COMMIT_STARTED = "commit.started";
  public static final String COMMIT_FINISHED = "commit.finished";

  /// `details` has the `reason`.
  public static final String COMMIT_FAILED = "commit.failed";

  public static final String COMMIT_CHANGED = "commit.changed";

  /// A commit was taken out of history; a stub stays.
  public static final String COMMIT_DELETED = "commit.deleted";

  private static final int VERSION = 1;

  public Event {
    details = Map.copyOf(details);
  }

  /// An event of a repo.
  static Event of(String kind, RepoName repo, Call call, Instant at) {
    return new Event(
        kind,
        repo.project(),
        Optional.of(repo.local()),
        Optional.empty(),
        Optional.empty(),
        call.principal(),
        at,
        Map.of());
  }

  /// An event of a branch or tag, with its head.
  static Event of(String kind, BranchName name, Optional<CommitId> head, Call call, Instant at) {
    return new Event(
        kind,
        name.repo().project(),
        Optional.of(name.repo().local()),
        Optional.of(name.branch()),
        head,
        call.principal(),
        at,
        Map.of());
  }

  /// An event of a commit.
  static Event of(String kind, Commit commit, Call call, Instant at) {
    return of(
        kind,
        new BranchName(commit.name().repo(), commit.branch()),
        Optional.of(commit.name().id()),
        call,
        at);
  }

  Event with(String key, String value) {
    Map<String, String> more = new java.util.TreeMap<>(details);
    more.put(key, value);
    return new Event(kind, project, repo, branch, commit, principal, at, more);
  }

  /// The repo as a name, if the event has one.
  public Optional<RepoName> repoName() {
    return repo.map(local -> RepoName.parse(project, local));
  }

  /// The commit as a name, if the event has a repo and a commit.
  public Optional<CommitName> commitName() {
    return repoName().flatMap(name -> commit.map(id -> new CommitName(name, id)));
  }

  public byte[] encode() {
    Encoder out = new Encoder().u8(VERSION).string(kind).string(project);
    out.optional(repo, Encoder::string).optional(branch, Encoder::string);
    out.optional(commit, Wire::writeId).string(principal);
    Wire.writeTime(out, at);
    Wire.writeMap(out, details);
    return out.toBytes();
  }

  /// Reads what [#encode] wrote; other bytes are `Fault.Corrupt`.
  public static Event decode(byte[] bytes) {
    Decoder in = Wire.open("An event of the feed", VERSION, bytes);
    return new Event(
        in.string(),
        in.string(),
        in.optional(Decoder::string),
        in.optional(Decoder::string),
        in.optional(Wire::readId),
        in.string(),
        Wire.readTime(in),
        Wire.readMap(in));
  }

  /// An event and its place in the feed; positions count from 1.
  public record Positioned(long position, Event event) {}
}
