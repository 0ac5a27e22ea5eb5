package dev.dassie.version;

import dev.dassie.content.Encoder;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.trigger.Trigger;
import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// One transaction over repos, refs and commits (see [Versions#change]). All commits that it makes
/// share the one id [#set]. When its work is done, every branch downstream of a head that moved
/// gets an open commit of that id, and events go to the feed. All refusals leave everything as it
/// was.
///
/// It lives on the thread of the transaction and only as long; it MUST NOT be kept, and the work
/// MUST NOT do anything slow: no chunks, no files, no waiting.
public final class Change {
  private final Metadata.Writer writer;
  private final Snapshot snapshot;
  private Call call;
  private final CommitId set;
  private final Instant now;
  private final Map<BranchName, CommitId> moved = new LinkedHashMap<>();
  private final Set<BranchName> rewired = new LinkedHashSet<>();
  private final Set<BranchName> watched = new LinkedHashSet<>();
  private final List<CommitName> unrecorded = new ArrayList<>();
  private final List<Ref.Tag> tags = new ArrayList<>();
  private final List<Stub> removed = new ArrayList<>();
  private final RepoWork repos;
  private final RefWork refs;
  private final CommitWork commits;

  Change(Metadata.Writer writer, Call call, CommitId set, Instant now) {
    this.writer = writer;
    this.snapshot = new Snapshot(writer);
    this.call = call;
    this.set = set;
    this.now = now;
    this.repos = new RepoWork(this);
    this.refs = new RefWork(this);
    this.commits = new CommitWork(this);
  }

  /// The rows of all rooms, for those that keep their own in the same transaction.
  public Metadata.Writer rows() {
    return writer;
  }

  /// The id of every commit that this transaction makes.
  public CommitId set() {
    return set;
  }

  public Call call() {
    return call;
  }

  /// Lets all that follows be written in the name of another call: a transaction of several steps
  /// has an author and a message for each.
  public void by(Call other) {
    call = other;
  }

  /// The time of the transaction, the same for all that it writes.
  public Instant now() {
    return now;
  }

  /// Appends an event of another room to the feed and returns its position.
  public long append(Event event) {
    return writer.append(event.encode());
  }

  // Reads: they see what this transaction has done so far.

  public Optional<Repo> repo(RepoName name) {
    return snapshot.repo(name);
  }

  public Optional<Ref> ref(BranchName name) {
    return snapshot.ref(name);
  }

  public Optional<Commit> commit(CommitName name) {
    return snapshot.commit(name).map(CommitRow::commit);
  }

  /// The commit that a branch, tag or pinned commit names now.
  public Optional<CommitName> head(BranchName name) {
    return snapshot.head(name);
  }

  /// As [Versions#resolve].
  public Commit resolve(String project, String address) {
    return new Addresses(snapshot).commit(project, address).commit();
  }

  // Projects and repos.

  /// A name that is taken is refused.
  public Project createProject(String name, String description) {
    return repos.createProject(name, description);
  }

  /// Refused while it has repos; the project `default` stays.
  public void deleteProject(String name) {
    repos.deleteProject(name);
  }

  public Project editProject(String name, MetadataEdit edit) {
    return repos.editProject(name, edit);
  }

  /// Makes a repo without branches. A name that is taken, or a project that is not there, is
  /// refused.
  public Repo createRepo(RepoName name, String description) {
    return repos.createRepo(name, description);
  }

  /// Sets the description of a repo that is there.
  public Repo describeRepo(RepoName name, String description) {
    return repos.describeRepo(name, description);
  }

  public Repo editRepo(RepoName name, MetadataEdit edit) {
    return repos.editRepo(name, edit);
  }

  /// Removes a repo with its refs and commits. Refused while a pipeline writes to it or a branch of
  /// another repo reads it. Commits that provenance names stay as stubs.
  public void deleteRepo(RepoName name) {
    new Removal(this).deleteRepo(name);
  }

  /// Gives a repo to a pipeline, or back to the users: only [#putOwned] writes to one that is
  /// owned, and nobody deletes it.
  public void own(RepoName name, Optional<String> pipeline) {
    pipeline.ifPresentOrElse(
        owner -> writer.put(Tables.owner(name), Tables.encode(owner, Encoder::string)),
        () -> writer.delete(Tables.owner(name)));
  }

  /// The pipeline that owns a repo.
  public Optional<String> owner(RepoName name) {
    return snapshot.owner(name);
  }

  // Branches and tags.

  /// Makes a branch, or changes the one of that name: `head` moves it (if given), `provenance` and
  /// `pipeline` replace what it had (if either is given). A branch with provenance cannot be given
  /// a head; it gets an open commit in this transaction, once a branch of users' data that it reads
  /// has a commit. Refused: provenance that is not there, that would go in a circle, or that would
  /// need two commits of one repo for one change; a branch of another pipeline.
  public Ref.Branch createBranch(
      BranchName name,
      Optional<CommitName> head,
      List<BranchName> provenance,
      Optional<String> pipeline) {
    return refs.createBranch(name, head, provenance, pipeline);
  }

  /// Says by which of its sources a branch is not computed anew when they change; all others count.
  /// It still reads their newest commits, and names them in its provenance.
  public void quiet(BranchName name, Set<BranchName> sources) {
    refs.quiet(name, sources);
  }

  /// Takes provenance and pipeline from a branch: its commits stay, and users may write to it. For
  /// the pipeline room when a pipeline goes.
  public Ref.Branch releaseBranch(BranchName name) {
    return refs.releaseBranch(name);
  }

  /// Refused while a pipeline writes to it or another branch reads it. Its commits stay.
  public void deleteBranch(BranchName name) {
    refs.deleteBranch(name);
  }

  public Ref.Branch editBranch(BranchName name, MetadataEdit edit) {
    return refs.editBranch(name, edit);
  }

  /// Says which commits of a branch are kept: all without a rule. [Expiry] lets go of the others.
  public Ref.Branch keep(BranchName name, Optional<KeepRule> rule) {
    return refs.keep(name, rule);
  }

  /// A branch that users write to; another one, or a tag, is refused.
  public Ref.Branch writtenByUsers(BranchName name) {
    return refs.writtenByUsers(name);
  }

  /// Appends the event that something was changed about a branch, with one detail.
  public void changed(Ref.Branch branch, String key, String value) {
    refs.changed(branch, key, value);
  }

  /// Lets a branch, which is made if missing, follow another of its repo, or no longer. A trigger
  /// that is new counts from now on; one that is as before goes on. Refused: a branch that is
  /// computed, one that would follow itself, at any distance, and to follow a tag.
  public Ref.Branch trigger(BranchName name, Optional<Trigger> trigger) {
    return new TriggerWork(this).set(name, trigger);
  }

  /// Whether no branch is computed from this one or follows it.
  public boolean isUnread(BranchName name) {
    return snapshot.subscribers(name).isEmpty() && snapshot.anyFollower(name).isEmpty();
  }

  /// The trigger of a branch.
  public Optional<Trigger> trigger(BranchName name) {
    return snapshot.follower(name).map(Follower::trigger);
  }

  public Ref.Tag createTag(BranchName name, CommitName commit) {
    return refs.createTag(name, commit);
  }

  /// Refused while a branch reads it.
  public void deleteTag(BranchName name) {
    refs.deleteTag(name);
  }

  /// Points a branch that users write to at another commit of its repo.
  public void moveHead(BranchName name, CommitName commit) {
    refs.moveHead(name, commit);
  }

  // Commits.

  /// Starts a commit on a branch, which is made if missing. Refused on a branch with provenance and
  /// while its head is open.
  public Commit startCommit(BranchName branch) {
    return commits.start(branch);
  }

  /// Finishes an open commit with these files, which MUST be published. Refused if it has ended, or
  /// while a commit that it was made from is open.
  public Commit finish(CommitName name, Fileset files) {
    unrecorded.add(name);
    return commits.finish(name, files, now);
  }

  /// The same where [Versions#seal] has written the record already: saves a pack.
  public Commit finish(Sealed sealed) {
    return commits.finish(sealed.name(), sealed.files(), sealed.at());
  }

  /// Ends an open commit without files.
  public Commit fail(CommitName name, String reason) {
    return commits.fail(name, reason);
  }

  /// Makes a finished commit with these files, which MUST be published, on a branch that users
  /// write to; it is made if missing. Refused while its head is open.
  public Commit putFinished(BranchName branch, Fileset files) {
    unrecorded.add(new CommitName(branch.repo(), set));
    return commits.putFinished(branch, files);
  }

  /// The same in a repo that a pipeline owns.
  public Commit putOwned(BranchName branch, Fileset files) {
    unrecorded.add(new CommitName(branch.repo(), set));
    return commits.putOwned(branch, files);
  }

  public Commit editCommit(CommitName name, MetadataEdit edit) {
    return commits.edit(name, edit);
  }

  /// Removes a commit that users wrote and that nothing comes after, with its data; the branch it
  /// was made on goes back to its parent. Refused, saying by what, while another branch or a tag
  /// names it or, unless `recursive`, a commit was made from it; those go along then. A stub stays.
  public void deleteCommit(CommitName name, boolean recursive) {
    new CommitRemoval(this).delete(name, recursive);
  }

  /// Removes a commit that users wrote from history; its data stays in the commits after it, at
  /// least one, which get its place. Refused as [#deleteCommit].
  public void squashCommit(CommitName name, boolean recursive) {
    new CommitRemoval(this).squash(name, recursive);
  }

  // Inside this room.

  /// Takes out a commit that the rule of its branch, as it is now, lets go of.
  void expireCommit(CommitName name, Thresholds thresholds) {
    new CommitRemoval(this).expire(name, thresholds);
  }

  Commit putFinishedAndRecorded(BranchName branch, Fileset files) {
    return commits.putFinished(branch, files);
  }

  Snapshot snapshot() {
    return snapshot;
  }

  CommitWork commits() {
    return commits;
  }

  RefWork refs() {
    return refs;
  }

  void put(Metadata.Key key, byte[] value) {
    writer.put(key, value);
  }

  void delete(Metadata.Key key) {
    writer.delete(key);
  }

  /// Heads that moved so far.
  Map<BranchName, CommitId> moved() {
    return moved;
  }

  /// Branches whose provenance changed so far.
  Set<BranchName> rewired() {
    return rewired;
  }

  /// Commits that finished here and have no record in a pack yet.
  List<CommitName> unrecorded() {
    return List.copyOf(unrecorded);
  }

  /// Branches that others follow and whose newest finished commit is another now.
  Set<BranchName> watched() {
    return watched;
  }

  List<Ref.Tag> newTags() {
    return tags;
  }

  /// Commits that were taken out of history.
  List<Stub> removed() {
    return removed;
  }

  /// Makes the downstream commits; called once, at the end.
  void propagate() {
    new Propagation(this).run();
  }
}
