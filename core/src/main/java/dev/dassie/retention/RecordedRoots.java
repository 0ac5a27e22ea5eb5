package dev.dassie.retention;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.job.ResultHoldings;
import dev.dassie.retention.Holder.Kind;
import dev.dassie.version.Commit;
import dev.dassie.version.Holdings;
import java.util.function.Consumer;
import java.util.function.Predicate;

/// What the records of versions and jobs hold.
final class RecordedRoots implements Roots {
  private final Holdings versions;
  private final ResultHoldings results;
  private final Predicate<Commit> wanted;
  private final boolean more;

  /// @param wanted the commits that count
  /// @param more whether journals, jobs and results count too
  RecordedRoots(Holdings versions, ResultHoldings results, Predicate<Commit> wanted, boolean more) {
    this.versions = versions;
    this.results = results;
    this.wanted = wanted;
    this.more = more;
  }

  @Override
  public void each(Marker marker) {
    if (more) {
      marker.by(Holder.of(Kind.JOURNALS));
      versions.journals(marker::edit);
    }
    versions.commits(kept -> {
      if (wanted.test(kept.commit())) {
        marker.by(holder(kept.commit()));
        marker.files(kept.files());
      }
    });
    if (more) {
      Visitor visitor = new Visitor(marker);
      marker.by(Holder.of(Kind.JOBS));
      results.jobs(visitor);
      marker.by(Holder.of(Kind.RESULTS));
      results.results(visitor);
    }
  }

  static Holder holder(Commit commit) {
    return new Holder(Kind.BRANCH, commit.name().repo().key() + "@" + commit.branch());
  }

  private record Visitor(Marker marker) implements ResultHoldings.Visitor {
    @Override
    public void files(Fileset files) {
      marker.files(files);
    }

    @Override
    public void log(Body log) {
      marker.body(log);
    }

    @Override
    public void context(Digest chunk) {
      marker.chunk(chunk);
    }

    @Override
    public void map(PersistentMap.Root root, Consumer<byte[]> values) {
      marker.map(root, values);
    }
  }
}
