package dev.dassie.pipeline.transaction;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Submission;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.MetadataEdit;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Trigger;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// The stored form of steps (docs/format.md, "Transactions").
final class StepCodec {
  private static final int VERSION = 1;

  private static final int CREATE_PROJECT = 1;
  private static final int DELETE_PROJECT = 2;
  private static final int CREATE_REPO = 3;
  private static final int DELETE_REPO = 4;
  private static final int CREATE_BRANCH = 5;
  private static final int DELETE_BRANCH = 6;
  private static final int CREATE_TAG = 7;
  private static final int DELETE_TAG = 8;
  private static final int START_COMMIT = 9;
  private static final int FINISH_COMMIT = 10;
  private static final int DELETE_COMMIT = 11;
  private static final int SQUASH_COMMIT = 12;
  private static final int EDIT_METADATA = 13;
  private static final int SUBMIT_PIPELINES = 14;
  private static final int TRIGGER_BRANCH = 15;

  private static final int PROJECT = 1;
  private static final int REPO = 2;
  private static final int BRANCH = 3;
  private static final int COMMIT = 4;

  private StepCodec() {}

  static byte[] encode(Added added) {
    Encoder out = new Encoder().u8(VERSION).string(added.author()).string(added.message());
    time(out, added.at());
    write(out, added.step());
    return out.toBytes();
  }

  /// @param number which the name of the row says
  static Added decode(int number, byte[] bytes) {
    Decoder in = open("A step of a transaction", bytes);
    return new Added(number, in.string(), in.string(), time(in), read(in));
  }

  static Decoder open(String object, byte[] bytes) {
    Decoder in = new Decoder(object, bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Corrupt(object, "record version " + VERSION, "version " + version)
          .asException();
    }
    return in;
  }

  private static void write(Encoder out, Step step) {
    switch (step) {
      case Step.CreateProject it ->
          out.u8(CREATE_PROJECT).string(it.name()).string(it.description());
      case Step.DeleteProject it -> out.u8(DELETE_PROJECT).string(it.name());
      case Step.CreateRepo it -> {
        repo(out.u8(CREATE_REPO), it.name());
        out.string(it.description());
      }
      case Step.DeleteRepo it -> repo(out.u8(DELETE_REPO), it.name());
      case Step.CreateBranch it -> created(out.u8(CREATE_BRANCH), it);
      case Step.TriggerBranch it -> {
        created(out.u8(TRIGGER_BRANCH), it.branch());
        out.optional(it.trigger(), (to, trigger) -> trigger.write(to));
      }
      case Step.DeleteBranch it -> branch(out.u8(DELETE_BRANCH), it.name());
      case Step.CreateTag it -> {
        branch(out.u8(CREATE_TAG), it.name());
        commit(out, it.commit());
      }
      case Step.DeleteTag it -> branch(out.u8(DELETE_TAG), it.name());
      case Step.StartCommit it -> branch(out.u8(START_COMMIT), it.branch());
      case Step.FinishCommit it -> commit(out.u8(FINISH_COMMIT), it.commit());
      case Step.DeleteCommit it -> {
        commit(out.u8(DELETE_COMMIT), it.commit());
        out.bool(it.recursive());
      }
      case Step.SquashCommit it -> {
        commit(out.u8(SQUASH_COMMIT), it.commit());
        out.bool(it.recursive());
      }
      case Step.EditMetadata it -> {
        subject(out.u8(EDIT_METADATA), it.subject());
        map(out, it.edit().set());
        out.list(it.edit().delete().stream().sorted().toList(), Encoder::string);
      }
      case Step.SubmitPipelines it -> it.submission().write(out.u8(SUBMIT_PIPELINES));
    }
  }

  private static Step read(Decoder in) {
    int kind = in.u8();
    return switch (kind) {
      case CREATE_PROJECT -> new Step.CreateProject(in.string(), in.string());
      case DELETE_PROJECT -> new Step.DeleteProject(in.string());
      case CREATE_REPO -> new Step.CreateRepo(repo(in), in.string());
      case DELETE_REPO -> new Step.DeleteRepo(repo(in));
      case CREATE_BRANCH -> created(in);
      case TRIGGER_BRANCH -> new Step.TriggerBranch(created(in), in.optional(Trigger::read));
      case DELETE_BRANCH -> new Step.DeleteBranch(branch(in));
      case CREATE_TAG -> new Step.CreateTag(branch(in), commit(in));
      case DELETE_TAG -> new Step.DeleteTag(branch(in));
      case START_COMMIT -> new Step.StartCommit(branch(in));
      case FINISH_COMMIT -> new Step.FinishCommit(commit(in));
      case DELETE_COMMIT -> new Step.DeleteCommit(commit(in), in.bool());
      case SQUASH_COMMIT -> new Step.SquashCommit(commit(in), in.bool());
      case EDIT_METADATA ->
          new Step.EditMetadata(
              subject(in), new MetadataEdit(map(in), Set.copyOf(in.list(Decoder::string))));
      case SUBMIT_PIPELINES -> new Step.SubmitPipelines(Submission.read(in));
      default -> throw corrupt("A step of a transaction", "kind 1 to 15", kind);
    };
  }

  private static void created(Encoder out, Step.CreateBranch step) {
    branch(out, step.name());
    out.optional(step.head(), StepCodec::commit).list(step.provenance(), StepCodec::branch);
  }

  private static Step.CreateBranch created(Decoder in) {
    return new Step.CreateBranch(
        branch(in), in.optional(StepCodec::commit), in.list(StepCodec::branch));
  }

  private static void subject(Encoder out, Step.Subject subject) {
    switch (subject) {
      case Step.Subject.OfProject it -> out.u8(PROJECT).string(it.name());
      case Step.Subject.OfRepo it -> repo(out.u8(REPO), it.name());
      case Step.Subject.OfBranch it -> branch(out.u8(BRANCH), it.name());
      case Step.Subject.OfCommit it -> commit(out.u8(COMMIT), it.name());
    }
  }

  private static Step.Subject subject(Decoder in) {
    int kind = in.u8();
    return switch (kind) {
      case PROJECT -> new Step.Subject.OfProject(in.string());
      case REPO -> new Step.Subject.OfRepo(repo(in));
      case BRANCH -> new Step.Subject.OfBranch(branch(in));
      case COMMIT -> new Step.Subject.OfCommit(commit(in));
      default -> throw corrupt("The subject of an edit", "kind 1 to 4", kind);
    };
  }

  private static RuntimeException corrupt(String object, String expected, int found) {
    return new Fault.Corrupt(object, expected, Integer.toString(found)).asException();
  }

  private static void repo(Encoder out, RepoName repo) {
    out.string(repo.project()).string(repo.local());
  }

  private static RepoName repo(Decoder in) {
    return RepoName.parse(in.string(), in.string());
  }

  private static void branch(Encoder out, BranchName branch) {
    repo(out, branch.repo());
    out.string(branch.branch());
  }

  private static BranchName branch(Decoder in) {
    return new BranchName(repo(in), in.string());
  }

  private static void commit(Encoder out, CommitName commit) {
    repo(out, commit.repo());
    out.string(commit.id().value());
  }

  private static CommitName commit(Decoder in) {
    return new CommitName(repo(in), new CommitId(in.string()));
  }

  static void time(Encoder out, Instant at) {
    out.fixed64(at.getEpochSecond()).varint(at.getNano());
  }

  static Instant time(Decoder in) {
    return Instant.ofEpochSecond(in.fixed64(), in.length(999_999_999));
  }

  /// By key, so that equal maps have equal bytes.
  private static void map(Encoder out, Map<String, String> map) {
    out.varint(map.size());
    new TreeMap<>(map).forEach((key, value) -> out.string(key).string(value));
  }

  private static Map<String, String> map(Decoder in) {
    List<Map.Entry<String, String>> pairs =
        in.list(pair -> Map.entry(pair.string(), pair.string()));
    Map<String, String> map = new TreeMap<>();
    pairs.forEach(pair -> map.put(pair.getKey(), pair.getValue()));
    return map;
  }
}
