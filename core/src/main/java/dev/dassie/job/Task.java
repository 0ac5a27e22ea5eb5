package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Entry;
import dev.dassie.job.bucket.Outbox;
import dev.dassie.pipeline.Resources;
import dev.dassie.pipeline.Transform;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Datums of one job that go to an executor together, under one lease.
///
/// @param lease number of the lease; results under an older number are refused
/// @param source the tree that becomes the working directory, if code came with the spec
/// @param environment what [Executor#environment] answered for the transform
/// @param secrets what the code gets of secrets
/// @param batching whether one program stays and asks for one datum after another
/// @param outbox where the code leaves its output instead of `/pfs/out`: executors MUST begin it
///   before each try, and take it after one that ended well
/// @param env variables that all datums get, beside those that the executor adds per datum
public record Task(
    long lease,
    String pipeline,
    Transform transform,
    Optional<Entry.Directory> source,
    Environment environment,
    Disclosure secrets,
    Map<String, String> env,
    List<Item> items,
    Limits limits,
    boolean batching,
    Optional<Outbox> outbox) {
  public Task {
    env = Map.copyOf(env);
    items = List.copyOf(items);
  }

  /// A task whose code leaves its output in `/pfs/out`.
  public Task(
      long lease,
      String pipeline,
      Transform transform,
      Optional<Entry.Directory> source,
      Environment environment,
      Disclosure secrets,
      Map<String, String> env,
      List<Item> items,
      Limits limits,
      boolean batching) {
    this(
        lease,
        pipeline,
        transform,
        source,
        environment,
        secrets,
        env,
        items,
        limits,
        batching,
        Optional.empty());
  }

  /// A task whose code gets no secrets.
  public Task(
      long lease,
      String pipeline,
      Transform transform,
      Optional<Entry.Directory> source,
      Environment environment,
      Map<String, String> env,
      List<Item> items,
      Limits limits) {
    this(lease, pipeline, transform, source, environment, Disclosure.NONE, env, items, limits);
  }

  /// A task whose program runs once for each datum.
  public Task(
      long lease,
      String pipeline,
      Transform transform,
      Optional<Entry.Directory> source,
      Environment environment,
      Disclosure secrets,
      Map<String, String> env,
      List<Item> items,
      Limits limits) {
    this(lease, pipeline, transform, source, environment, secrets, env, items, limits, false);
  }

  /// The same for some of its datums.
  public Task with(List<Item> some) {
    return new Task(
        lease,
        pipeline,
        transform,
        source,
        environment,
        secrets,
        env,
        some,
        limits,
        batching,
        outbox);
  }

  /// The same on a host that shows other folders; the facts stay.
  public Task on(List<String> exposed) {
    return new Task(
        lease,
        pipeline,
        transform,
        source,
        new Environment(environment.facts(), exposed),
        secrets,
        env,
        items,
        limits,
        batching,
        outbox);
  }

  /// One datum: `id` names it among the datums of the pipeline, `key` its computation.
  public record Item(String id, Digest key, List<Part> parts) {
    public Item {
      parts = List.copyOf(parts);
    }
  }

  /// One input of a datum. `match` is the file or directory (its path as in the repo): the datum
  /// sees it at `/pfs/<name>/<path>`, and the variable `<name>` holds that path. `commit` is for
  /// `<name>_COMMIT`. For the whole repo `match` is the root directory. The keys are there where
  /// the input has them.
  public record Part(
      String name,
      Entry match,
      String commit,
      boolean emptyFiles,
      Optional<String> joinKey,
      Optional<String> groupKey) {
    /// A part without keys.
    public Part(String name, Entry match, String commit, boolean emptyFiles) {
      this(name, match, commit, emptyFiles, Optional.empty(), Optional.empty());
    }
  }

  /// Limits of one datum. `logBytes` keeps that much of the first and of the last output of a try.
  ///
  /// @param resources what the code may use; the executor may allow less
  public record Limits(int tries, Optional<Duration> timeout, long logBytes, Resources resources) {
    /// Limits of code that may use what the executor allows.
    public Limits(int tries, Optional<Duration> timeout, long logBytes) {
      this(tries, timeout, logBytes, Resources.UNLIMITED);
    }
  }
}
