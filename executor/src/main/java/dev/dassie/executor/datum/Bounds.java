package dev.dassie.executor.datum;

/// What one run of code may take. Only a runner keeps them while the code runs; [OutputFolder]
/// keeps that of the disk when it takes what is there.
///
/// @param disk bytes of all that it leaves in `/pfs/out`, and of any one file; of all that it
///   writes to the bucket where its output is one
/// @param memory bytes of all its processes and its scratch folders together
/// @param processes and threads, at once
/// @param cpus that it may use at once; 0 is all
public record Bounds(Limit disk, Limit memory, Limit processes, int cpus) {
  public static final Bounds NONE = new Bounds(Limit.NONE, Limit.NONE, Limit.NONE, 0);

  /// The numbers of `runner.h`.
  private static final int OVER_DISK = 1;

  private static final int OVER_PROCESSES = 2;
  private static final int OVER_MEMORY = 3;

  /// One limit.
  ///
  /// @param most 0 is without a limit
  /// @param where the setting that says so, as a sentence names it
  public record Limit(long most, String where) {
    public static final Limit NONE = new Limit(0, "");

    public boolean isBroken(long value) {
      return most > 0 && value > most;
    }

    /// The stricter one.
    public Limit and(Limit other) {
      return most == 0 || (other.most > 0 && other.most < most) ? other : this;
    }
  }

  /// Why a run was ended, as the runner numbers it.
  public String broken(int number) {
    return switch (number) {
      case OVER_DISK -> tooMuchOutput();
      case OVER_PROCESSES ->
          "The code had more than %,d processes and threads at once and was killed: raise %s."
              .formatted(processes.most(), processes.where());
      case OVER_MEMORY ->
          "The code used more than %s of memory and was killed: raise %s."
              .formatted(amount(memory.most()), memory.where());
      default -> "The code broke a limit that has no name (%d).".formatted(number);
    };
  }

  public String tooMuchOutput() {
    return "The code wrote more than %s to the disk and was ended: raise %s."
        .formatted(amount(disk.most()), disk.where());
  }

  /// Why a run counts as failed whose code wrote too much to its bucket.
  public String tooMuchInBucket() {
    return "The code wrote more than %s to the bucket `out`: raise %s."
        .formatted(amount(disk.most()), disk.where());
  }

  /// As people read it.
  public static String amount(long bytes) {
    if (bytes >= 1 << 30 && bytes % (1 << 30) == 0) {
      return "%,d GiB".formatted(bytes >> 30);
    }
    if (bytes >= 1 << 20 && (bytes % (1 << 20) == 0 || bytes >= 10L << 30)) {
      return "%,d MiB".formatted(bytes >> 20);
    }
    return "%,d bytes".formatted(bytes);
  }
}
