package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fileset.Hash;
import dev.dassie.pipeline.Transform;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What all results of one job share: who ran what, where and with which code. Stored once a job as
/// a chunk; results name it by its digest, so they can be explained after the job is gone.
///
/// @param spec the commit of the spec and source; of a trial one that never was
/// @param source digest of the source tree, or empty text if no code came with the spec
/// @param author who caused the job
public record RunContext(
    JobName job,
    CommitName spec,
    String source,
    List<String> cmd,
    List<String> stdin,
    Map<String, String> env,
    String network,
    String executor,
    String sandbox,
    Environment environment,
    String author) {
  static final int VERSION = 1;

  /// The id of the spec commit of a run that had none; a random UUID is never zero.
  static final CommitId NO_COMMIT = new CommitId("0".repeat(32));

  public RunContext {
    cmd = List.copyOf(cmd);
    stdin = List.copyOf(stdin);
    env = Map.copyOf(env);
  }

  static RunContext of(
      Job job,
      Transform transform,
      Optional<Hash> source,
      Executor executor,
      Environment environment) {
    return of(job.name(), job.spec(), job.author(), transform, source, executor, environment);
  }

  /// Of a run beside all jobs. `name` is for it alone; no job and no commit has its id.
  static RunContext ofTrial(
      JobName name,
      String author,
      Transform transform,
      Optional<Hash> source,
      Executor executor,
      Environment environment) {
    RepoName specs = new RepoName(name.project(), name.pipeline(), RepoName.Type.SPEC);
    CommitName spec = new CommitName(specs, NO_COMMIT);
    return of(name, spec, author, transform, source, executor, environment);
  }

  private static RunContext of(
      JobName name,
      CommitName spec,
      String author,
      Transform transform,
      Optional<Hash> source,
      Executor executor,
      Environment environment) {
    return new RunContext(
        name,
        spec,
        source.map(Hash::toString).orElse(""),
        transform.cmd(),
        transform.stdin(),
        transform.env(),
        transform.network().name().toLowerCase(java.util.Locale.ROOT),
        executor.name(),
        executor.sandbox(),
        environment,
        author);
  }

  /// Whether no job ran it, but somebody who tried a spec out.
  public boolean isTrial() {
    return spec.id().equals(NO_COMMIT);
  }

  /// Stores it and returns the digest that results carry.
  Digest store(ChunkStore.Session session) {
    byte[] bytes = encode();
    return session.put(ChunkStore.Role.TREE, bytes, 0, bytes.length);
  }

  byte[] encode() {
    Encoder out = new Encoder().u8(VERSION).string(job.key());
    JobCodec.commit(out, spec);
    out.string(source).list(cmd, Encoder::string).list(stdin, Encoder::string);
    out.varint(env.size());
    // Sorted, so that equal contexts are equal bytes.
    new TreeMap<>(env).forEach((name, value) -> out.string(name).string(value));
    out.string(network).string(executor).string(sandbox);
    out.list(environment.facts(), Encoder::string).list(environment.exposed(), Encoder::string);
    return out.string(author).toBytes();
  }

  static RunContext decode(byte[] bytes) {
    Decoder in = new Decoder("The context of a result", bytes);
    JobCodec.version(in, VERSION, "run context");
    JobName job = JobName.parse(in.string());
    CommitName spec = JobCodec.commit(in);
    String source = in.string();
    List<String> cmd = in.list(Decoder::string);
    List<String> stdin = in.list(Decoder::string);
    int count = in.length(in.remaining());
    Map<String, String> env = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      env.put(in.string(), in.string());
    }
    return new RunContext(
        job,
        spec,
        source,
        cmd,
        stdin,
        env,
        in.string(),
        in.string(),
        in.string(),
        new Environment(in.list(Decoder::string), in.list(Decoder::string)),
        in.string());
  }
}
