package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import java.util.Optional;

/// How the code of a pipeline runs: once for each datum, or as a process that stays.
public sealed interface Running {
  /// Once for each datum, which is the usual way.
  static Running onDatums() {
    return new OnDatums(false, Optional.empty());
  }

  /// Whether a process stays that is no part of any datum.
  default boolean stays() {
    return !(this instanceof OnDatums);
  }

  /// Whether its output is what it wrote to a bucket.
  default boolean toBucket() {
    return false;
  }

  /// The port of a process that stays and is reached from outside, if it is.
  default Optional<Service> service() {
    return Optional.empty();
  }

  /// On datums.
  ///
  /// @param batching one process takes one datum after another: it stays and asks for the next
  /// @param sets how many datums go to a worker at once; by default few, and fewer as they run out
  /// @param toBucket the output of the one datum is what it wrote to a bucket, not to a folder
  record OnDatums(boolean batching, Optional<DatumSets> sets, boolean toBucket) implements Running {
    /// Code that writes files.
    public OnDatums(boolean batching, Optional<DatumSets> sets) {
      this(batching, sets, false);
    }
  }

  /// A process that shows the data to others over the network; it is replaced when its data
  /// changes. It has no output.
  ///
  /// @param internalPort where the code listens
  /// @param externalPort where the server listens for it; 0 for any free one
  record Service(int internalPort, int externalPort) implements Running {
    @Override
    public Optional<Service> service() {
      return Optional.of(this);
    }

    /// Refuses an input that cannot be shown whole, each file at one place.
    public void check(Input input) {
      if (input.keyed()) {
        throw new Fault.Invalid(
                "`input` of a service",
                "`join` or `group`",
                "`pfs`, `cron`, `cross` or `union`: a service sees all files of its inputs at once")
            .asException();
      }
      if (!Datums.named(input)) {
        throw new Fault.Invalid(
                "`input` of a service",
                String.join(", ", input.arms().stream().map(Input.Files::name).toList()),
                "names that differ: a service sees all files of its inputs at once")
            .asException();
      }
    }
  }

  /// A process without input that writes commits by itself, for as long as the pipeline runs.
  ///
  /// @param service where it is reached from outside, if it is
  record Spout(Optional<Service> service) implements Running {}

  /// How datums are put together that go to a worker at once (`datumSetSpec`).
  sealed interface DatumSets {
    /// So many datums.
    record OfDatums(long datums) implements DatumSets {}

    /// Datums until their inputs have so many bytes, at least one.
    record OfBytes(long bytes) implements DatumSets {}

    /// So many sets for each worker.
    record PerWorker(long sets) implements DatumSets {}
  }
}
