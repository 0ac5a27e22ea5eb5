package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.pipeline.Arm;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.KeyedDatums;
import dev.dassie.version.CommitName;
import dev.dassie.version.Versions;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Makes the datum map of a job: from that of the job it builds on and the difference of their
/// inputs where spec, code and environment are the same, else from nothing.
final class Plan {
  private static final int GROUP = 5_000;

  /// New datums from which on it is worth counting all that there would be.
  private static final int MANY = 10_000;

  private final ChunkStore.Session session;
  private final Filesets filesets;
  private final Input input;
  private final JobInputs inputs;
  private final DatumKey keys;
  private final Optional<JobName> unique;
  private final DatumLimit limit;
  private final PersistentMap map;
  private final List<PersistentMap.Change> group = new ArrayList<>();
  private long made;
  private boolean counted;
  private PersistentMap.Root root = PersistentMap.EMPTY;
  private PersistentMap.Root index = PersistentMap.EMPTY;

  /// @param unique set where nothing may be reused: the job whose name goes into every key
  /// @param limit more datums are refused, as soon as that is known
  Plan(
      ChunkStore.Session session,
      Input input,
      JobInputs inputs,
      DatumKey keys,
      Optional<JobName> unique,
      DatumLimit limit) {
    this.session = session;
    this.filesets = new Filesets(session);
    this.input = input;
    this.inputs = inputs;
    this.keys = keys;
    this.unique = unique;
    this.limit = limit;
    this.map = new PersistentMap(session);
  }

  /// The datum map from nothing; its nodes are in the session. Costs as much as there are datums.
  PersistentMap.Root whole() {
    count();
    boolean flat = KeyedDatums.isFlat(input) && unique.isEmpty() && Datums.named(input);
    KeyedDatums keyed = new KeyedDatums(input, inputs.byBranch(), session);
    put(flat ? keyed.all() : new Datums(session).of(input, inputs.byBranch()));
    if (flat) {
      index = keyed.index();
    }
    return all();
  }

  private void count() {
    counted = true;
    limit.check(input, inputs.byBranch(), session);
  }

  private PersistentMap.Root all() {
    flush();
    limit.check(root.count(), true);
    return root;
  }

  /// Matches by their keys, where the next job can go on with them.
  PersistentMap.Root index() {
    return index;
  }

  private void put(Iterator<Datum> datums) {
    while (datums.hasNext()) {
      Datum datum = datums.next();
      step(new DatumStep.Put(datum.orderKey(), datum));
    }
  }

  /// The datum map, from that of an older job if that is possible.
  ///
  /// @param spec the version of the pipeline
  /// @param facts of the environment
  PersistentMap.Root after(Versions versions, Job base, CommitName spec, List<String> facts) {
    JobInputs old = JobInputs.of(versions, base);
    return unique.isEmpty() && sameKeys(base, spec, facts) ? after(base.roots(), old) : whole();
  }

  /// The datum map, from that which the same keys had for other inputs. Costs as much as there is
  /// between the inputs; where inputs have come or gone, or joins are nested, as much as there are
  /// datums.
  PersistentMap.Root after(Job.Roots base, JobInputs old) {
    if (!sameBranches(old.files()) || (input.keyed() && !KeyedDatums.isFlat(input))) {
      return whole();
    }
    if (input.keyed()) {
      return keyed(base, old);
    }
    root = base.datums();
    for (List<Input.Files> arms : Datums.combinations(input)) {
      Optional<List<DatumDiff.Side>> both = arms(arms, old.files());
      if (both.isPresent()) {
        new DatumDiff(filesets, both.get(), this::step).run();
      }
      // The keys of another combination may lie between those of this one.
      flush();
    }
    return all();
  }

  /// Finds the matches that changed, and replaces all datums of their keys.
  private PersistentMap.Root keyed(Job.Roots base, JobInputs old) {
    KeyedDatums datums = new KeyedDatums(input, inputs.byBranch(), session);
    datums.begin(base.index());
    SortedSet<String> touched = new TreeSet<>(Plan::byBytes);
    for (int i = 0; i < input.parts().size(); i++) {
      Optional<Fileset> before = old.files().get(i);
      Optional<Fileset> after = inputs.files().get(i);
      if (before.isPresent() && after.isPresent()) {
        Arm arm = new Arm(input.arms().get(i));
        for (ArmDiff.Touched one : ArmDiff.of(filesets, arm.glob(), before.get(), after.get())) {
          touched.add(datums.touch(i, one.path(), one.directory(), one.now()));
        }
      }
    }
    root = base.datums();
    for (String key : touched) {
      step(new DatumStep.GoneAll(datums.orderPrefix(key)));
      put(datums.at(key));
    }
    index = datums.index();
    return all();
  }

  private static int byBytes(String one, String other) {
    return Arrays.compareUnsigned(
        one.getBytes(StandardCharsets.UTF_8), other.getBytes(StandardCharsets.UTF_8));
  }

  /// Whether equal inputs have equal keys in both jobs, and no datum can come from two arms: one
  /// version of the pipeline, one environment, every input with a name of its own.
  private boolean sameKeys(Job base, CommitName spec, List<String> facts) {
    return Datums.named(input)
        && base.spec().equals(spec)
        && base.context().isPresent()
        && RunContext.decode(session.read(base.context().get()))
            .environment()
            .facts()
            .equals(facts);
  }

  private boolean sameBranches(List<Optional<Fileset>> old) {
    List<Optional<Fileset>> now = inputs.files();
    boolean same = old.size() == now.size();
    for (int i = 0; same && i < now.size(); i++) {
      same = old.get(i).isPresent() == now.get(i).isPresent();
    }
    return same;
  }

  /// The inputs of one combination at both times; none where one has no commit.
  private Optional<List<DatumDiff.Side>> arms(List<Input.Files> arms, List<Optional<Fileset>> old) {
    List<DatumDiff.Side> both = new ArrayList<>();
    for (Input.Files arm : arms) {
      int leaf = input.arms().indexOf(arm);
      if (old.get(leaf).isEmpty() || inputs.files().get(leaf).isEmpty()) {
        return Optional.empty();
      }
      both.add(
          new DatumDiff.Side(
              new Arm(arm),
              inputs.sources().get(leaf).commit().orElseThrow().id(),
              old.get(leaf).get(),
              inputs.files().get(leaf).get()));
    }
    return Optional.of(both);
  }

  /// Gathers steps and applies them in groups, in bounded memory.
  private void step(DatumStep step) {
    if (step instanceof DatumStep.Put && ++made == MANY && !counted) {
      count();
    }
    group.add(
        switch (step) {
          case DatumStep.Put put -> new PersistentMap.Change.Put(put.order(), row(put.datum()));
          case DatumStep.Gone gone -> new PersistentMap.Change.Delete(gone.order());
          case DatumStep.GoneAll all ->
              new PersistentMap.Change.DeleteRange(all.order(), DatumStep.after(all.order()));
        });
    if (group.size() >= GROUP) {
      flush();
    }
  }

  private void flush() {
    if (group.isEmpty()) {
      return;
    }
    if (input.keyed()) {
      // Nested inputs come by their outermost keys only.
      group.sort((one, other) -> Arrays.compareUnsigned(one.key(), other.key()));
    }
    root = map.apply(root, group.iterator(), session);
    group.clear();
    // What an older job had may go yet.
    limit.check(Math.min(made, root.count()), false);
  }

  private byte[] row(Datum datum) {
    byte[] row = planned(datum).encode();
    if (row.length > PersistentMap.MAX_VALUE) {
      throw new Fault.Invalid(
              "The number of files that make the datum of `%s` and others"
                  .formatted(datum.parts().getFirst().path()),
              Integer.toString(datum.parts().size()),
              "so few that their paths and hashes have less than 512 KiB together")
          .asException();
    }
    return row;
  }

  private PlannedDatum planned(Datum datum) {
    PlannedDatum planned = PlannedDatum.of(datum, keys, input.arms());
    return unique.isEmpty() ? planned : planned.withKey(own(planned.key(), unique.get()));
  }

  private static Digest own(Digest key, JobName job) {
    return Digest.of(new Encoder().digest(key).string(job.key()).toBytes());
  }
}
