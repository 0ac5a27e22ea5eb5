package dev.dassie.server.spec;

import dev.dassie.pipeline.Buckets;
import dev.dassie.pipeline.Transform;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Tells what cannot stand beside `s3` and `s3Out`, each where it is. Not thread-safe.
final class BucketFields {
  /// What would cut a bucket into datums, or show files of it.
  private static final List<String> OF_FILES =
      List.of("emptyFiles", "lazy", "joinOn", "outerJoin", "groupBy");

  private final Problems problems;
  private final boolean out;

  /// The kinds of input that the one is within that is read now, the outermost first.
  private final List<String> within = new ArrayList<>();

  /// Where a bucket was asked for, and by which field.
  private final List<Asked> asked = new ArrayList<>();

  private record Asked(Node.Place place, String field) {}

  BucketFields(Problems problems, Checked root) {
    this.problems = problems;
    this.out = root.flag("s3Out");
    if (out) {
      asked.add(new Asked(root.placeOf("s3Out"), "s3Out"));
    }
  }

  /// Reading goes into the parts of an input.
  void enter(String kind, Checked input, String path) {
    within.add(kind);
    if (out && !kind.equals("cross")) {
      problems.add(
          input.placeOf(kind),
          "`%s` stands beside `s3Out`, expected `cross`: the bucket `out` is the output of one datum."
              .formatted(path));
    }
  }

  /// Reading comes out of them again.
  void leave() {
    within.removeLast();
  }

  /// The glob of an input that gives none.
  static Optional<String> glob(Checked pfs) {
    return pfs.flag("s3") && pfs.lacks("glob") ? Optional.of(Buckets.WHOLE) : Optional.empty();
  }

  /// Looks at an input of files.
  void files(Checked pfs, Optional<String> glob) {
    boolean whole = glob.isEmpty() || glob.get().equals(Buckets.WHOLE);
    if (!pfs.flag("s3")) {
      if (out && !whole) {
        problems.add(
            pfs.placeOf("glob"),
            "`%s` is `%s`, expected `/` beside `s3Out`: the bucket `out` is the output of one datum."
                .formatted(pfs.path("glob"), Said.value(glob.get())));
      }
      return;
    }
    asked.add(new Asked(pfs.placeOf("s3"), pfs.path("s3")));
    if (!whole) {
      problems.add(
          pfs.placeOf("glob"),
          "`%s` is `%s`, expected `/` or none beside `s3`: a bucket is not cut into datums."
              .formatted(pfs.path("glob"), Said.value(glob.get())));
    }
    for (String field : OF_FILES) {
      if (pfs.text(field).filter(text -> !text.equalsIgnoreCase("false")).isPresent()) {
        problems.add(
            pfs.placeOf(field),
            "`%s` stands beside `s3`, expected none: a bucket is shown whole, as it is."
                .formatted(pfs.path(field)));
      }
    }
    within.stream()
        .filter(kind -> !kind.equals("cross"))
        .reduce((_, inner) -> inner)
        .ifPresent(kind ->
            problems.add(
                pfs.placeOf("s3"),
                "`%s` is in a %s, expected at most a cross: every datum has the bucket whole."
                    .formatted(pfs.path("s3"), kind)));
  }

  /// Looks at an input of ticks.
  void ticks(Checked cron) {
    if (out && !cron.flag("overwrite")) {
      problems.add(
          cron.placeOf("overwrite"),
          "`%s` is `false`, expected `true` beside `s3Out`: each tick that stays is a datum."
              .formatted(cron.path("overwrite")));
    }
  }

  /// Looks at the rest, when the input was read.
  void rest(Checked root, Checked code, Optional<Transform> transform) {
    for (String kind : List.of("spout", "service")) {
      if (root.node(kind).isPresent()) {
        asked.forEach(one ->
            problems.add(
                one.place(),
                "`%s` stands beside `%s`, expected none: the key of a bucket is good for one job."
                    .formatted(one.field(), kind)));
      }
    }
    boolean offline = transform.filter(it -> it.network() == Transform.Network.NONE).isPresent();
    if (offline && !asked.isEmpty()) {
      problems.add(
          code.placeOf("network"),
          "`transform.network` is `none`, expected `host` beside `%s`: a bucket is reached over the network."
              .formatted(asked.getFirst().field()));
    }
    if (out && code.flag("datumBatching")) {
      problems.add(
          code.placeOf("datumBatching"),
          "`transform.datumBatching` stands beside `s3Out`, which has one datum.");
    }
  }
}
