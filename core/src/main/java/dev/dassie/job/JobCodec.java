package dev.dassie.job;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// Job records as bytes (docs/format.md, "Job records").
final class JobCodec {
  /// The newest record version; it is written where there is an index, else version 1 is.
  static final int VERSION = 2;

  private JobCodec() {}

  static byte[] encode(Job job) {
    boolean indexed = job.roots().index().count() > 0;
    Encoder out = new Encoder().u8(indexed ? VERSION : 1);
    out.string(job.name().key()).varint(job.sequence()).varint(job.specVersion());
    commit(out, job.spec());
    branch(out, job.output());
    out.u8(job.state().code()).string(job.reason());
    Job.Counts counts = job.datums();
    out.varint(counts.total()).varint(counts.success()).varint(counts.skipped());
    out.varint(counts.failed()).varint(counts.recovered());
    instant(out, job.times().created());
    out.optional(job.times().started(), JobCodec::instant);
    out.optional(job.times().finished(), JobCodec::instant);
    job.roots().datums().write(out);
    job.roots().owners().write(out);
    job.roots().endings().write(out);
    out.optional(job.base(), (to, id) -> to.string(id.value()));
    out.optional(job.context(), Encoder::digest);
    out.string(job.executor()).string(job.sandbox());
    out.list(job.inputs(), JobCodec::source);
    out.string(job.author()).string(job.message());
    if (indexed) {
      job.roots().index().write(out);
    }
    return out.toBytes();
  }

  static Job decode(String key, byte[] bytes) {
    Decoder in = new Decoder("The record of job `" + key + "`", bytes);
    int version = version(in, VERSION, "job record");
    Job job =
        new Job(
            JobName.parse(in.string()),
            in.varint(),
            in.varint(),
            commit(in),
            branch(in),
            state(key, in.u8()),
            in.string(),
            new Job.Counts(in.varint(), in.varint(), in.varint(), in.varint(), in.varint()),
            new Job.Times(
                instant(in), in.optional(JobCodec::instant), in.optional(JobCodec::instant)),
            new Job.Roots(
                PersistentMap.Root.read(in),
                PersistentMap.Root.read(in),
                PersistentMap.Root.read(in)),
            in.optional(from -> new CommitId(from.string())),
            in.optional(Decoder::digest),
            in.string(),
            in.string(),
            in.list(JobCodec::source),
            in.string(),
            in.string());
    return version == 1 ? job : job.with(job.roots().indexed(PersistentMap.Root.read(in)));
  }

  /// Reads the version byte that begins a record, and refuses what a newer release wrote.
  static int version(Decoder in, int newest, String record) {
    int version = in.u8();
    if (version < 1 || version > newest) {
      throw new Fault.Unsupported(
              record + " version " + version,
              Optional.of("A newer Dassie wrote it; this one reads versions up to " + newest + "."))
          .asException();
    }
    return version;
  }

  static void instant(Encoder out, Instant at) {
    out.varint(ChronoUnit.MICROS.between(Instant.EPOCH, at));
  }

  static Instant instant(Decoder in) {
    return Instant.EPOCH.plus(in.varint(), ChronoUnit.MICROS);
  }

  static void commit(Encoder out, CommitName commit) {
    out.string(commit.repo().key()).string(commit.id().value());
  }

  static CommitName commit(Decoder in) {
    return new CommitName(
        RepoName.parse(RepoName.DEFAULT_PROJECT, in.string()), new CommitId(in.string()));
  }

  private static void branch(Encoder out, BranchName branch) {
    out.string(branch.repo().key()).string(branch.branch());
  }

  private static BranchName branch(Decoder in) {
    return new BranchName(RepoName.parse(RepoName.DEFAULT_PROJECT, in.string()), in.string());
  }

  private static void source(Encoder out, Job.Source source) {
    out.string(source.name());
    branch(out, source.branch());
    out.optional(source.commit(), JobCodec::commit).bool(source.emptyFiles());
  }

  private static Job.Source source(Decoder in) {
    return new Job.Source(in.string(), branch(in), in.optional(JobCodec::commit), in.bool());
  }

  private static Job.State state(String key, int code) {
    for (Job.State state : Job.State.values()) {
      if (state.code() == code) {
        return state;
      }
    }
    throw new Fault.Corrupt("The record of job `" + key + "`", "a state", Integer.toString(code))
        .asException();
  }
}
