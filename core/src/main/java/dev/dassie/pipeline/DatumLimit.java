package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.BranchName;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.Optional;

/// How many datums a job may have. Combinations are counted before they are made: there may be more
/// than anybody could wait for. Thread-safe.
///
/// @param most datums of one job
public record DatumLimit(long most) {
  public static final DatumLimit NONE = new DatumLimit(Long.MAX_VALUE);

  /// Refuses an input whose crosses have more combinations than there may be datums. Costs as much
  /// as the globs of these crosses match; joins and groups, whose keys decide, are not counted.
  ///
  /// @throws dev.dassie.fault.DassieException `Invalid` with the count
  public void check(
      Input input, Map<BranchName, Datums.Source> sources, ChunkStore.Session session) {
    if (hasCross(input)) {
      long least = new Count(sources, new Filesets(session)).of(input);
      if (least > most) {
        throw refusal(least, least == Long.MAX_VALUE);
      }
    }
  }

  /// Refuses datums that were made already, or more of them.
  ///
  /// @param all whether these are all
  public void check(long made, boolean all) {
    if (made > most) {
      throw refusal(all ? made : most, !all);
    }
  }

  private RuntimeException refusal(long datums, boolean more) {
    String found = more ? "more than %,d".formatted(datums) : "%,d".formatted(datums);
    String allowed =
        "at most %,d: raise `job_datums` in the configuration of the server, or narrow the globs"
            .formatted(most);
    return new Fault.Invalid("The number of datums of the input", found, allowed).asException();
  }

  private static boolean hasCross(Input input) {
    return input instanceof Input.Cross || input.parts().stream().anyMatch(DatumLimit::hasCross);
  }

  private final class Count {
    private final Map<BranchName, Datums.Source> sources;
    private final Filesets filesets;
    private final Map<Input.Files, Long> known = new HashMap<>();

    Count(Map<BranchName, Datums.Source> sources, Filesets filesets) {
      this.sources = sources;
      this.filesets = filesets;
    }

    /// The datums of an input, or of a join or group none: their parts are checked by themselves.
    /// `Long.MAX_VALUE` where there are more.
    long of(Input input) {
      return switch (input) {
        case Input.Files files -> known.computeIfAbsent(files, this::matches);
        case Input.Union union -> {
          long sum = 0;
          for (Input part : union.parts()) {
            long more = of(part);
            sum = sum > Long.MAX_VALUE - more ? Long.MAX_VALUE : sum + more;
          }
          yield sum;
        }
        case Input.Cross cross -> {
          long product = 1;
          for (Input part : cross.parts()) {
            long more = of(part);
            boolean beyond = more > 0 && product > Long.MAX_VALUE / more;
            product = beyond ? Long.MAX_VALUE : product * more;
          }
          yield product;
        }
        case Input.Join _, Input.Group _ -> {
          for (Input part : input.parts()) {
            check(of(part), true);
          }
          yield 0;
        }
      };
    }

    private long matches(Input.Files files) {
      Optional<Datums.Source> source = Optional.ofNullable(sources.get(files.branch()));
      if (source.isEmpty()) {
        return 0;
      }
      long count = 0;
      Iterator<Entry> found = new Arm(files).matches(filesets, source.get().files());
      while (found.hasNext()) {
        Entry _ = found.next();
        count++;
      }
      return count;
    }
  }
}
