package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fileset.Hash;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.DatumKey;
import dev.dassie.pipeline.Datums;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitName;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Shows which datums a spec would have on the newest data, before it is a pipeline. Thread-safe;
/// its iterators are not.
public final class Previews {
  private static final long UNMATCHED = 100_000;

  private final Versions versions;
  private final Results results;
  private final Recipes recipes;
  private final Executor executor;

  public Previews(Versions versions, Results results, Recipes recipes, Executor executor) {
    this.versions = versions;
    this.results = results;
    this.recipes = recipes;
    this.executor = executor;
  }

  /// A datum that would be; `known` where its result is there already.
  public record Item(String id, String key, boolean known, List<In> inputs) {
    public Item {
      inputs = List.copyOf(inputs);
    }
  }

  /// One input of a datum, and its keys where it has any.
  public record In(DatumView.In file, Optional<String> joinKey, Optional<String> groupKey) {}

  /// The datums in order, computed as they are read, and what is in none. Closed after use.
  public record Preview(
      Iterator<Item> datums, List<Datums.Unmatched> arms, ChunkStore.Session scratch)
      implements AutoCloseable {
    @Override
    public void close() {
      scratch.close();
    }
  }

  /// The datums of a spec; more than a job may have are refused.
  ///
  /// @param source the content of the directory that comes with the spec
  public Preview of(PipelineSpec spec, Optional<Hash> source) {
    Environment environment = recipes.environment(executor, spec);
    DatumKey keys = new DatumKey(environment.facts(), spec.transform(), source, spec.salt());
    Map<BranchName, Datums.Source> sources = JobInputs.newest(versions, spec.input()).byBranch();
    ChunkStore.Session scratch = versions.chunks().session();
    try {
      recipes.limit().check(spec.input(), sources, scratch);
      return of(spec, keys, sources, scratch);
    } catch (RuntimeException e) {
      scratch.close();
      throw e;
    }
  }

  private Preview of(
      PipelineSpec spec,
      DatumKey keys,
      Map<BranchName, Datums.Source> sources,
      ChunkStore.Session scratch) {
    Datums datums = new Datums(scratch);
    Iterator<Datum> found = datums.of(spec.input(), sources);
    Iterator<Item> items =
        new Iterator<>() {
          @Override
          public boolean hasNext() {
            return found.hasNext();
          }

          @Override
          public Item next() {
            return item(found.next(), keys, spec.everyJob());
          }
        };
    return new Preview(items, datums.unmatched(spec.input(), sources, UNMATCHED), scratch);
  }

  private Item item(Datum datum, DatumKey keys, boolean everyJob) {
    Digest key = keys.of(datum);
    List<In> inputs = new ArrayList<>();
    for (Datum.Part part : datum.parts()) {
      DatumView.In file =
          new DatumView.In(
              part.name(),
              part.path(),
              part.directory(),
              part.hash(),
              part.branch(),
              Optional.of(new CommitName(part.branch().repo(), part.commit())));
      inputs.add(new In(file, part.joinKey(), part.groupKey()));
    }
    boolean known = !everyJob && results.find(key).isPresent();
    return new Item(datum.id(), key.toString(), known, inputs);
  }
}
