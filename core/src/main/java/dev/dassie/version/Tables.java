package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.metadata.Metadata;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// The tables of this room: names of rows and the version byte of records (docs/format.md,
/// "Database records").
final class Tables {
  static final int VERSION = 1;

  /// What the room `pipeline` keeps per project beside pipelines, which have repos.
  static final String SECRET = "secret";

  static final String PROJECT = "project";
  static final String REPO = "repo";
  static final String REF = "ref";
  static final String COMMIT = "commit";
  static final String STUB = "stub";
  static final String BY_REPO = "commit_by_repo";
  static final String BY_SET = "commit_by_set";
  static final String CHILD = "commit_child";
  static final String DERIVED = "commit_derived";
  static final String SUBSCRIBER = "branch_subscriber";
  static final String FINISHED = "branch_finished";
  static final String HEAD_OF = "commit_head_of";
  static final String JOURNAL = "journal";
  static final String JOURNAL_STATE = "journal_state";
  static final String MERGE = "commit_merge";
  static final String DELETED = "commit_deleted";
  static final String RULE = "branch_rule";
  static final String QUIET = "branch_quiet";
  static final String OWNER = "repo_owner";
  static final String TRIGGER = "branch_trigger";
  static final String FOLLOWER = "branch_follower";
  static final String GATHERING = "branch_gathering";
  static final String ANSWER = "answer";
  static final String ANSWER_AGE = "answer_age";

  /// Tables of this room's own rooms whose rows are named by a branch, or by a branch, a slash and
  /// more: they go with the branch.
  static final List<String> OF_BRANCH =
      List.of(
          GATHERING,
          "gathered",
          "gathered_unfinished",
          "multipart",
          "multipart_key",
          "multipart_part",
          "multipart_done");

  static final byte[] NOTHING = new byte[0];

  private Tables() {}

  static Metadata.Key project(String name) {
    return new Metadata.Key(PROJECT, name);
  }

  static Metadata.Key repo(RepoName repo) {
    return new Metadata.Key(REPO, repo.key());
  }

  static Metadata.Key ref(BranchName name) {
    return new Metadata.Key(REF, name.key());
  }

  static Metadata.Key commit(CommitName name) {
    return new Metadata.Key(COMMIT, name.key());
  }

  static Metadata.Key stub(CommitName name) {
    return new Metadata.Key(STUB, name.key());
  }

  /// Commits of a repo by age.
  static Metadata.Key byRepo(CommitRow row) {
    return new Metadata.Key(BY_REPO, row.name().repo().key() + "/" + ordered(row.order()));
  }

  /// Commits of a set by age.
  static Metadata.Key bySet(CommitRow row) {
    return new Metadata.Key(BY_SET, row.name().id() + "/" + ordered(row.order()));
  }

  static Metadata.Key child(CommitName parent, CommitId child) {
    return new Metadata.Key(CHILD, parent.key() + "/" + child);
  }

  /// Commits made from another, by age. A commit has several places of one age only in different
  /// repos, hence the name behind.
  static Metadata.Key derived(CommitName source, CommitRow derived) {
    return new Metadata.Key(
        DERIVED, source.key() + "/" + ordered(derived.order()) + "/" + derived.name().key());
  }

  /// Branches that have another in their provenance.
  static Metadata.Key subscriber(BranchName source, BranchName subscriber) {
    return new Metadata.Key(SUBSCRIBER, source.key() + "/" + subscriber.key());
  }

  static Metadata.Key finished(BranchName branch) {
    return new Metadata.Key(FINISHED, branch.key());
  }

  /// Which commits of a branch are kept.
  static Metadata.Key rule(BranchName branch) {
    return new Metadata.Key(RULE, branch.key());
  }

  /// Sources of a branch whose changes do not compute it anew.
  static Metadata.Key quiet(BranchName branch) {
    return new Metadata.Key(QUIET, branch.key());
  }

  /// What moves a branch that follows another.
  static Metadata.Key trigger(BranchName branch) {
    return new Metadata.Key(TRIGGER, branch.key());
  }

  /// A branch that follows another of its repo.
  static Metadata.Key watcher(BranchName watched, String follower) {
    return new Metadata.Key(FOLLOWER, watched.key() + "/" + follower);
  }

  /// The pipeline whose ticks a repo holds.
  static Metadata.Key owner(RepoName repo) {
    return new Metadata.Key(OWNER, repo.key());
  }

  /// Commits of a repo that merged another, by age.
  static Metadata.Key merge(CommitRow row) {
    return new Metadata.Key(MERGE, row.name().repo().key() + "/" + ordered(row.order()));
  }

  /// Refs whose head a commit is.
  static Metadata.Key headOf(CommitName commit, String ref) {
    return new Metadata.Key(HEAD_OF, commit.key() + "/" + ref);
  }

  static Metadata.Key journal(CommitName commit, long sequence) {
    return new Metadata.Key(JOURNAL, commit.key() + "/" + ordered(sequence));
  }

  static Metadata.Key journalState(CommitName commit) {
    return new Metadata.Key(JOURNAL_STATE, commit.key());
  }

  /// A deleted commit whose files are still kept, by the time of its end.
  static Metadata.Key deleted(Stub stub) {
    return new Metadata.Key(
        DELETED,
        ordered(Math.max(0, stub.deletedAt().toEpochMilli())) + "/" + stub.commit().name().key());
  }

  /// A number whose text sorts as the number does.
  static String ordered(long number) {
    return "%016x".formatted(number);
  }

  /// What stands in a row name behind its last slash.
  static String last(String name) {
    return name.substring(name.lastIndexOf('/') + 1);
  }

  /// A commit name from its stored form.
  static CommitName commitName(String key) {
    int slash = key.lastIndexOf('/');
    return new CommitName(
        RepoName.parse("", key.substring(0, slash)), new CommitId(key.substring(slash + 1)));
  }

  /// A branch name from its stored form.
  static BranchName branchName(String key) {
    int slash = key.lastIndexOf('/');
    return new BranchName(RepoName.parse("", key.substring(0, slash)), key.substring(slash + 1));
  }

  static <T> byte[] encode(T value, BiConsumer<Encoder, T> writer) {
    Encoder out = new Encoder().u8(VERSION);
    writer.accept(out, value);
    return out.toBytes();
  }

  static <T> T decode(String object, byte[] bytes, Function<Decoder, T> reader) {
    return reader.apply(Wire.open(object, VERSION, bytes));
  }

  static byte[] encodeRef(Ref ref) {
    return switch (ref) {
      case Ref.Branch branch -> encode(branch, (out, value) -> Wire.writeBranch(out.u8(0), value));
      case Ref.Tag tag -> encode(tag, (out, value) -> Wire.writeTag(out.u8(1), value));
    };
  }

  static Ref decodeRef(byte[] bytes) {
    return decode("A ref record", bytes, in -> in.bool() ? Wire.readTag(in) : Wire.readBranch(in));
  }

  static KeepRule decodeRule(byte[] bytes) {
    return decode("A rule of a branch", bytes, KeepRule::read);
  }

  /// In the order of their names.
  static byte[] encodeQuiet(Set<BranchName> sources) {
    List<BranchName> sorted =
        sources.stream().sorted(Comparator.comparing(BranchName::key)).toList();
    return encode(sorted, (out, list) -> out.list(list, Wire::writeBranchName));
  }

  static Set<BranchName> decodeQuiet(byte[] bytes) {
    return Set.copyOf(
        decode("The quiet sources of a branch", bytes, in -> in.list(Wire::readBranchName)));
  }

  static byte[] encodeStub(Stub stub) {
    return encode(stub, Wire::writeStub);
  }

  static Stub decodeStub(byte[] bytes) {
    return decode("A stub record", bytes, Wire::readStub);
  }
}
