package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.version.Call;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The output of one job as its datums end: composes it, and fails the job at the first collision
/// (design D6). Thread-safe.
final class Assembly implements Feed.Reuse, AutoCloseable {
  private static final int GROUP = 256;

  private final Engine engine;
  private final ChunkStore.Session session;
  private final Job job;
  private final Recipes.Recipe recipe;
  private final Progress progress;
  private Optional<Composer> composer = Optional.empty();
  private boolean collided;

  Assembly(
      Engine engine,
      ChunkStore.Session session,
      Job job,
      Recipes.Recipe recipe,
      Progress progress) {
    this.engine = engine;
    this.session = session;
    this.job = job;
    this.recipe = recipe;
    this.progress = progress;
  }

  /// Takes the output of an older job, if its results are still known, and removes what its gone
  /// and changed datums wrote. Answers with the datums to look at.
  synchronized Work begin(Optional<Job> base) throws InterruptedException {
    if (base.isPresent() && merges(base.get()) == recipe.spec().concat()) {
      Job.Roots roots = base.get().roots();
      Fileset files =
          engine.versions().inspect(base.get().name().output()).finishedFiles().orElseThrow();
      Work work = new Work(session, roots.datums(), job.roots().datums(), roots.endings());
      if (remove(work, composer(files, roots.owners()))) {
        return work;
      }
      closeComposer();
    }
    Work work = new Work(session, PersistentMap.EMPTY, job.roots().datums(), PersistentMap.EMPTY);
    composer(Filesets.EMPTY, PersistentMap.EMPTY);
    progress.total(job.roots().datums().count(), 0);
    return work;
  }

  private boolean merges(Job base) {
    return base.spec().equals(job.spec())
        ? recipe.spec().concat()
        : engine.recipes().of(base.spec()).spec().concat();
  }

  private Composer composer(Fileset base, PersistentMap.Root owners) {
    Composer made =
        new Composer(session, engine.spillFolder(), base, owners, recipe.spec().concat());
    composer = Optional.of(made);
    return made;
  }

  /// False where the result of an older datum is not known any more.
  private boolean remove(Work work, Composer to) throws InterruptedException {
    long[] looked = {0};
    boolean[] known = {true};
    work.each(
        GROUP,
        group -> {
          looked[0] += group.stream().filter(datum -> datum.now().isPresent()).count();
          List<Work.Changed> ran = group.stream().filter(Work.Changed::ranBefore).toList();
          Map<Digest, Result> results =
              engine.results().find(ran.stream().map(datum -> oldKey(datum)).toList());
          for (Work.Changed datum : ran) {
            Optional<Fileset> output =
                Optional.ofNullable(results.get(oldKey(datum))).flatMap(Result::output);
            output.ifPresent(files -> to.remove(datum.order(), files));
            known[0] &= output.isPresent();
          }
        });
    progress.total(job.roots().datums().count(), work.unchangedOf(looked[0]));
    return known[0];
  }

  private static Digest oldKey(Work.Changed datum) {
    return datum.old().orElseThrow().key();
  }

  /// Adds what datums wrote as their results become durable, until the run is closed.
  void take(Run run) {
    try {
      Optional<Run.Done> next = run.take();
      while (next.isPresent()) {
        Run.Done done = next.get();
        if (progress.halted().isEmpty()) {
          add(done.datum(), done.result());
        }
        run.end(done);
        next = run.take();
      }
    } catch (DassieException e) {
      progress.halt(new Progress.Halt.Broken(e.fault().message()));
    } catch (RuntimeException e) {
      System.getLogger("dassie.job").log(System.Logger.Level.ERROR, "Composing failed", e);
      progress.halt(new Progress.Halt.Broken("Composing the output failed: %s.".formatted(e)));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public synchronized void add(Work.Changed datum, Result result) {
    if (collided || result.output().isEmpty()) {
      return;
    }
    composer
        .orElseThrow()
        .add(datum.order(), result.output().get())
        .ifPresent(found -> {
          collided = true;
          boolean _ =
              JobRecord.end(
                  engine.versions(),
                  Call.SYSTEM,
                  job.with(progress.counts()),
                  Job.State.FAILED,
                  DatumText.collision(session, job, found),
                  false);
        });
  }

  synchronized boolean collided() {
    return collided;
  }

  /// The output and its owners, in the session.
  synchronized Composer.Composed finish(Job planned) {
    PersistentMap map = new PersistentMap(session);
    Filesets filesets = new Filesets(session);
    return composer
        .orElseThrow()
        .finish((order, path) -> written(map, filesets, planned.roots().datums(), order, path));
  }

  private Entry.File written(
      PersistentMap map,
      Filesets filesets,
      PersistentMap.Root datums,
      byte[] order,
      FilePath path) {
    Digest key = map.get(datums, order).map(PlannedDatum::decode).orElseThrow().key();
    return engine
        .results()
        .find(key)
        .flatMap(Result::output)
        .flatMap(output -> filesets.find(output, path))
        .filter(Entry.File.class::isInstance)
        .map(Entry.File.class::cast)
        .orElseThrow(() ->
            new Fault.Corrupt("The result of datum key `" + key + "`", path + "", "no file")
                .asException());
  }

  /// The map of the endings of datums that failed or recovered, in the session.
  PersistentMap.Root endings(Work work, Job planned) throws InterruptedException {
    PersistentMap map = new PersistentMap(session);
    PersistentMap.Root[] root = {PersistentMap.EMPTY};
    work.each(
        GROUP,
        group -> {
          Map<Digest, Result> found = failed(group, planned.name());
          List<PersistentMap.Change> rows = new ArrayList<>();
          for (Work.Changed datum : group) {
            datum
                .now()
                .map(now -> found.get(now.key()))
                .ifPresent(result ->
                    rows.add(new PersistentMap.Change.Put(datum.order(), result.encode())));
          }
          // A group is in order within the difference and within what recovered, not across.
          rows.sort((a, b) -> Arrays.compareUnsigned(a.key(), b.key()));
          root[0] = map.apply(root[0], rows.iterator(), session);
        });
    return root[0];
  }

  private Map<Digest, Result> failed(List<Work.Changed> group, JobName name) {
    Map<Digest, Result> found = new HashMap<>();
    int _ =
        engine
            .metadata()
            .read(rows -> {
              for (Work.Changed datum : group) {
                datum
                    .now()
                    .ifPresent(now ->
                        FailedRows.find(rows, name, now.key())
                            .ifPresent(result -> found.put(now.key(), result)));
              }
              return found.size();
            });
    return found;
  }

  /// A sentence about the first datum that failed, in datum order.
  String firstFailure(Job planned) {
    return progress
        .firstFailure()
        .map(failure ->
            DatumText.failure(
                new PersistentMap(session)
                    .get(planned.roots().datums(), failure.order())
                    .map(PlannedDatum::decode)
                    .orElseThrow(),
                planned,
                failure.result().reason()))
        .orElse("The job was stopped.");
  }

  private void closeComposer() {
    composer.ifPresent(Composer::close);
  }

  @Override
  public synchronized void close() {
    closeComposer();
  }
}
