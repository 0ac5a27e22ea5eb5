package dev.dassie.pipeline;

import dev.dassie.fault.Fault;

/// The rules for inputs and outputs that are buckets (`s3`, `s3Out`).
public final class Buckets {
  /// The glob of what is not cut into datums.
  public static final String WHOLE = "/";

  private Buckets() {}

  /// Refuses a spec with a bucket where there can be none.
  static void check(PipelineSpec spec) {
    checkInput(spec.input(), false);
    if (!spec.usesBuckets()) {
      return;
    }
    if (spec.running().stays()) {
      throw new Fault.Invalid("`s3`", "true", "no spout and no service: a key is good for one job")
          .asException();
    }
    if (spec.transform().network() == Transform.Network.NONE) {
      throw new Fault.Invalid(
              "`transform.network`", "none", "`host`: a bucket is reached over the network")
          .asException();
    }
    if (spec.running() instanceof Running.OnDatums on && on.toBucket()) {
      if (on.batching()) {
        throw new Fault.Invalid(
                "`transform.datumBatching`", "true", "none beside `s3Out`, which has one datum")
            .asException();
      }
      checkOneDatum(spec.input());
    }
  }

  private static void checkInput(Input input, boolean chosen) {
    if (input instanceof Input.Files files && files.s3()) {
      if (!files.glob().equals(WHOLE)) {
        throw new Fault.Invalid(
                "`glob` of the input `%s`".formatted(files.name()),
                files.glob(),
                "`/` or none: a bucket is not cut into datums")
            .asException();
      }
      if (files.lazy() || files.emptyFiles() || chosen) {
        throw new Fault.Invalid(
                "`s3` of the input `%s`".formatted(files.name()),
                "true",
                "none beside `lazy` or `emptyFiles`, nor in a join, group or union")
            .asException();
      }
    }
    boolean within = chosen || !(input instanceof Input.Cross || input instanceof Input.Files);
    input.parts().forEach(part -> checkInput(part, within));
  }

  /// Whether an input can be no more than one datum by itself.
  public static boolean isOneDatum(Input.Files files) {
    return files.glob().equals(WHOLE) || files.starts().cron().filter(Cron::overwrite).isPresent();
  }

  private static void checkOneDatum(Input input) {
    boolean whole = input.arms().stream().allMatch(Buckets::isOneDatum);
    if (!whole || hasChoice(input)) {
      throw new Fault.Invalid(
              "`input` beside `s3Out`",
              "several datums",
              "one: the glob `/` for each input, and no join, group or union")
          .asException();
    }
  }

  private static boolean hasChoice(Input input) {
    return !(input instanceof Input.Cross || input instanceof Input.Files)
        || input.parts().stream().anyMatch(Buckets::hasChoice);
  }
}
