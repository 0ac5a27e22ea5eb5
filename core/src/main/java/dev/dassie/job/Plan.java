package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.Input;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;

/// Makes the datum map of a job: from that of the job it builds on and the difference of their
/// inputs where spec, code and environment are the same, else from nothing.
final class Plan {
  private static final int GROUP = 5_000;

  private final ChunkStore.Session session;
  private final Filesets filesets;
  private final Input input;
  private final JobInputs inputs;
  private final DatumKey keys;
  private final Optional<JobName> unique;
  private final PersistentMap map;
  private final List<PersistentMap.Change> group = new ArrayList<>();
  private PersistentMap.Root root = PersistentMap.EMPTY;

  /// @param unique set where nothing may be reused: the job whose name goes into every key
  Plan(
      ChunkStore.Session session,
      Input input,
      JobInputs inputs,
      DatumKey keys,
      Optional<JobName> unique) {
    this.session = session;
    this.filesets = new Filesets(session);
    this.input = input;
    this.inputs = inputs;
    this.keys = keys;
    this.unique = unique;
    this.map = new PersistentMap(session);
  }

  /// The datum map from nothing; its nodes are in the session. Costs as much as there are datums.
  PersistentMap.Root whole() {
    Iterator<Datum> datums = new Datums(filesets).of(input, inputs.byBranch());
    while (datums.hasNext()) {
      Datum datum = datums.next();
      step(new DatumStep.Put(datum.orderKey(), datum));
    }
    flush();
    return root;
  }

  /// The datum map, from that of an older job if that is possible.
  PersistentMap.Root after(Versions versions, Job base, RunContext context) {
    JobInputs old = JobInputs.of(versions, base);
    if (unique.isPresent() || !sameKeys(base, context) || !sameBranches(old.files())) {
      return whole();
    }
    root = base.roots().datums();
    for (List<Input.Files> arms : Datums.combinations(input)) {
      Optional<List<DatumDiff.Arm>> both = arms(arms, old.files());
      if (both.isPresent()) {
        new DatumDiff(filesets, both.get(), this::step).run();
      }
      // The keys of another combination may lie between those of this one.
      flush();
    }
    return root;
  }

  /// Whether equal inputs have equal keys in both jobs, and no datum can come from two arms: one
  /// version of the pipeline, one environment, every input with a name of its own.
  private boolean sameKeys(Job base, RunContext context) {
    List<String> names = input.arms().stream().map(Input.Files::name).toList();
    return names.stream().distinct().count() == names.size()
        && base.spec().equals(context.spec())
        && base.context().isPresent()
        && RunContext.decode(session.read(base.context().get()))
            .environment()
            .facts()
            .equals(context.environment().facts());
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
  private Optional<List<DatumDiff.Arm>> arms(List<Input.Files> arms, List<Optional<Fileset>> old) {
    List<DatumDiff.Arm> both = new ArrayList<>();
    for (Input.Files arm : arms) {
      int leaf = input.arms().indexOf(arm);
      if (old.get(leaf).isEmpty() || inputs.files().get(leaf).isEmpty()) {
        return Optional.empty();
      }
      both.add(
          new DatumDiff.Arm(
              arm,
              inputs.sources().get(leaf).commit().orElseThrow().id(),
              old.get(leaf).get(),
              inputs.files().get(leaf).get()));
    }
    return Optional.of(both);
  }

  /// Gathers steps and applies them in groups, in bounded memory.
  private void step(DatumStep step) {
    group.add(
        switch (step) {
          case DatumStep.Put put ->
              new PersistentMap.Change.Put(put.order(), planned(put.datum()).encode());
          case DatumStep.Gone gone -> new PersistentMap.Change.Delete(gone.order());
          case DatumStep.GoneAll all ->
              new PersistentMap.Change.DeleteRange(all.order(), DatumStep.after(all.order()));
        });
    if (group.size() >= GROUP) {
      flush();
    }
  }

  private void flush() {
    if (!group.isEmpty()) {
      root = map.apply(root, group.iterator(), session);
      group.clear();
    }
  }

  private PlannedDatum planned(Datum datum) {
    PlannedDatum planned = PlannedDatum.of(datum, keys, inputs.sources());
    return unique.isEmpty() ? planned : planned.withKey(own(planned.key(), unique.get()));
  }

  private static Digest own(Digest key, JobName job) {
    return Digest.of(new Encoder().digest(key).string(job.key()).toBytes());
  }
}
