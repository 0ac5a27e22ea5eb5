package dev.dassie.job;

import dev.dassie.content.Digest;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// One run of a pipeline over one commit set, as it is recorded.
///
/// @param sequence its place among all jobs, from 1, in the order they were made
/// @param specVersion the version of the pipeline, from 1
/// @param reason one sentence: what a waiting job waits for, why a job did not succeed, else empty
/// @param base the job whose results this one builds on, the newest finished one before it
/// @param context digest of the [RunContext] that its own results carry, once it runs
/// @param inputs one per files input of the spec, in the order of the spec
public record Job(
    JobName name,
    long sequence,
    long specVersion,
    CommitName spec,
    BranchName output,
    State state,
    String reason,
    Counts datums,
    Times times,
    Roots roots,
    Optional<CommitId> base,
    Optional<Digest> context,
    String executor,
    String sandbox,
    List<Source> inputs,
    String author,
    String message) {
  public Job {
    inputs = List.copyOf(inputs);
  }

  /// Where a job stands. Codes are stored.
  public enum State {
    WAITING(1),
    RUNNING(2),
    SUCCESS(3),
    FAILED(4),
    STOPPED(5),
    UNRUNNABLE(6);

    private final int code;

    State(int code) {
      this.code = code;
    }

    public int code() {
      return code;
    }

    /// Whether nothing will change it any more.
    public boolean ended() {
      return this != WAITING && this != RUNNING;
    }

    /// As scripts read it: `running`.
    public String word() {
      return name().toLowerCase(java.util.Locale.ROOT);
    }
  }

  /// How many datums there are, and how many ended how. `skipped` had a result before.
  public record Counts(long total, long success, long skipped, long failed, long recovered) {
    public static final Counts NONE = new Counts(0, 0, 0, 0, 0);

    /// Datums that have ended.
    public long ended() {
      return success + skipped + failed + recovered;
    }

    /// Datums in a state.
    public long of(DatumView.State state) {
      return switch (state) {
        case SUCCESS -> success;
        case SKIPPED -> skipped;
        case FAILED -> failed;
        case RECOVERED -> recovered;
        case WAITING -> total - ended();
      };
    }
  }

  public record Times(Instant created, Optional<Instant> started, Optional<Instant> finished) {}

  /// The job's maps (docs/format.md, "Job records").
  ///
  /// @param datums order key → [PlannedDatum]
  /// @param owners path and order key of each file that a datum wrote
  /// @param endings order key → ending, of the datums that failed or recovered
  /// @param index where the input is a join or group of files inputs: its matches by their keys
  public record Roots(
      PersistentMap.Root datums,
      PersistentMap.Root owners,
      PersistentMap.Root endings,
      PersistentMap.Root index) {
    /// Maps without an index.
    public Roots(PersistentMap.Root datums, PersistentMap.Root owners, PersistentMap.Root endings) {
      this(datums, owners, endings, PersistentMap.EMPTY);
    }

    public static final Roots NONE =
        new Roots(PersistentMap.EMPTY, PersistentMap.EMPTY, PersistentMap.EMPTY);

    Roots indexed(PersistentMap.Root by) {
      return new Roots(datums, owners, endings, by);
    }
  }

  /// What one files input of the spec read; no commit where the branch had none.
  public record Source(
      String name, BranchName branch, Optional<CommitName> commit, boolean emptyFiles) {}

  /// The same job at another place among all.
  Job at(long place) {
    return new Job(
        name,
        place,
        specVersion,
        spec,
        output,
        state,
        reason,
        datums,
        times,
        roots,
        base,
        context,
        executor,
        sandbox,
        inputs,
        author,
        message);
  }

  Job with(State next, String why) {
    return new Job(
        name,
        sequence,
        specVersion,
        spec,
        output,
        next,
        why,
        datums,
        times,
        roots,
        base,
        context,
        executor,
        sandbox,
        inputs,
        author,
        message);
  }

  Job with(Counts next) {
    return new Job(
        name,
        sequence,
        specVersion,
        spec,
        output,
        state,
        reason,
        next,
        times,
        roots,
        base,
        context,
        executor,
        sandbox,
        inputs,
        author,
        message);
  }

  Job with(Roots next) {
    return new Job(
        name,
        sequence,
        specVersion,
        spec,
        output,
        state,
        reason,
        datums,
        times,
        next,
        base,
        context,
        executor,
        sandbox,
        inputs,
        author,
        message);
  }

  Job with(Times next) {
    return new Job(
        name,
        sequence,
        specVersion,
        spec,
        output,
        state,
        reason,
        datums,
        next,
        roots,
        base,
        context,
        executor,
        sandbox,
        inputs,
        author,
        message);
  }

  /// As it is when the executor is known and the inputs are read.
  Job running(
      Executor by, List<Source> sources, Optional<CommitId> builtOn, Digest shared, Instant at) {
    return new Job(
        name,
        sequence,
        specVersion,
        spec,
        output,
        State.RUNNING,
        "",
        datums,
        new Times(times.created(), Optional.of(times.started().orElse(at)), Optional.empty()),
        roots,
        builtOn,
        Optional.of(shared),
        by.name(),
        by.sandbox(),
        sources,
        author,
        message);
  }
}
