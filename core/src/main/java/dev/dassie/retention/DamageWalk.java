package dev.dassie.retention;

import dev.dassie.content.Collector;
import dev.dassie.content.Digest;
import dev.dassie.content.PackCheck;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PathReach;
import dev.dassie.fileset.Reach;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Holdings;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashSet;
import java.util.Optional;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// One walk through all that records name: the heads of branches and tags first, then every commit,
/// then what jobs, journals and uploads keep. What several name is walked once, for the first; each
/// damage is told with the path and commit that led there. Used by one thread.
final class DamageWalk implements AutoCloseable {
  private static final Pattern PACK = Pattern.compile("packs/(?:data|tree)/[0-9a-f/]+\\.pack");

  private final Packs packs;
  private final PackCheck check;
  private final Predicate<Digest> mend;
  private final Sharing sharing;
  private final Consumer<Finding> found;
  private final Collector seen;
  private final Set<CommitName> heads = new HashSet<>();
  private long lost;

  /// @param mend tries to bring a chunk that cannot be read, and says whether it can be read now
  DamageWalk(
      Packs packs,
      PackCheck check,
      Sharing sharing,
      Predicate<Digest> mend,
      Consumer<Finding> found) {
    this.packs = packs;
    this.check = check;
    this.sharing = sharing;
    this.mend = mend;
    this.found = found;
    this.seen = packs.collector();
  }

  /// Walks the files of all commits and returns how many those are; `alive` is called after each.
  long commits(Holdings holdings, Runnable alive) {
    long[] count = {0};
    Consumer<Holdings.Kept> visit =
        kept -> {
          if (!heads.contains(kept.commit().name())) {
            count[0]++;
            new OfCommit(kept.commit()).walk(kept);
            alive.run();
          }
        };
    holdings.heads(kept -> {
      visit.accept(kept);
      heads.add(kept.commit().name());
    });
    holdings.commits(visit);
    return count[0];
  }

  /// Walks what else is kept. A record that cannot be read ends that walk, and is damage.
  void others(Roots roots) {
    new OfOthers().walk(roots);
  }

  /// How many chunks that something names cannot be read, nor be brought.
  long lost() {
    return lost;
  }

  @Override
  public void close() {
    seen.close();
  }

  private interface Where {
    Finding finding(String pack, String message);
  }

  /// Whether a chunk is met for the first time, and can be read.
  private boolean first(Digest id, Where where) {
    if (id.equals(Filesets.EMPTY.content())) {
      return false;
    }
    Optional<String> problem = check.problem(id);
    if (problem.isPresent() && !mend.test(id)) {
      tell(where, problem.get());
      return false;
    }
    return seen.mark(id) >= 0;
  }

  private void tell(Where where, String message) {
    lost++;
    Matcher pack = PACK.matcher(message);
    found.accept(where.finding(pack.find() ? pack.group() : "", message));
  }

  /// Opens a node; one whose bytes are no node is damage too.
  private void open(Digest id, Where where, Consumer<byte[]> use) {
    try {
      use.accept(packs.read(id));
    } catch (DassieException e) {
      if (!(e.fault() instanceof Fault.Corrupt)) {
        throw e;
      }
      tell(where, e.fault().message());
    }
  }

  private final class OfCommit implements PathReach.Found {
    private record Step(FilePath folder, Digest id) {}

    private final Commit commit;
    private final Deque<Step> directories = new ArrayDeque<>();

    OfCommit(Commit commit) {
      this.commit = commit;
    }

    private Where at(FilePath path) {
      return (pack, message) ->
          Finding.file(commit, path.toString(), pack, sharing.others(commit, path), message);
    }

    void walk(Holdings.Kept kept) {
      PathReach.ofFileset(kept.files(), this);
      while (!directories.isEmpty()) {
        Step step = directories.pop();
        Where where = at(step.folder());
        if (first(step.id(), where)) {
          open(step.id(), where, bytes -> PathReach.ofNode(step.folder(), bytes, this));
        }
      }
      kept.files().attributes().ifPresent(root -> nodes(at(FilePath.ROOT), root));
    }

    @Override
    public void node(FilePath folder, Digest id) {
      directories.push(new Step(folder, id));
    }

    @Override
    public void file(FilePath path, Body body) {
      switch (body) {
        case Body.Inline _, Body.Reference _ -> {}
        case Body.Single single -> {
          boolean _ = first(single.chunk(), at(path));
        }
        case Body.Recipe recipe -> nodes(at(path), recipe.root());
      }
    }

    /// A recipe or map with all beneath.
    private void nodes(Where where, Digest root) {
      Deque<Digest> nodes = new ArrayDeque<>();
      nodes.push(root);
      Reach.Found below =
          new Reach.Found() {
            @Override
            public void node(Digest id) {
              nodes.push(id);
            }

            @Override
            public void data(Digest id) {
              boolean _ = first(id, where);
            }
          };
      while (!nodes.isEmpty()) {
        Digest id = nodes.pop();
        if (first(id, where)) {
          open(id, where, bytes -> Reach.ofChunk(id, bytes, below, value -> {}));
        }
      }
    }
  }

  private final class OfOthers {
    private final Marker marker = new Marker(packs, this::mark);

    private long mark(Digest id) {
      return first(id, this::finding) ? 0 : -1;
    }

    private Finding finding(String pack, String message) {
      return Finding.of(marker.holder(), pack, message);
    }

    void walk(Roots roots) {
      marker.by(Holder.of(Holder.Kind.UPLOADS));
      try {
        roots.each(marker);
      } catch (DassieException e) {
        if (!(e.fault() instanceof Fault.Corrupt)) {
          throw e;
        }
        tell(this::finding, e.fault().message());
      }
    }
  }
}
