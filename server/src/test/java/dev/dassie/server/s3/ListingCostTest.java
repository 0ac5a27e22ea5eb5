package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.ChunkReader;
import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.BranchName;
import dev.dassie.version.Commit;
import dev.dassie.version.ReadView;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.nio.file.Path;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a page of a listing reads does not grow with the bucket, nor with where the page begins.
class ListingCostTest {
  @TempDir Path folder;

  /// Reads, counted.
  private static final class Counting implements ChunkReader {
    private final ChunkReader below;
    private long reads;

    Counting(ChunkReader below) {
      this.below = below;
    }

    @Override
    public byte[] read(Digest id) {
      reads++;
      return below.read(id);
    }
  }

  private long cost(String name, int keys, String prefix, String delimiter, double place)
      throws Exception {
    World world = new World(java.nio.file.Files.createDirectories(folder.resolve(name)));
    BranchName branch = new BranchName(new RepoName("default", "r"), "master");
    Commit commit;
    try (ChunkStore.Session session = world.versions.chunks().session();
        Edits edits = new Edits(folder)) {
      Body body = new Body.Inline(new byte[] {1});
      for (int i = 0; i < keys; i++) {
        FilePath path = new FilePath("d%04d/k%07d".formatted(i / 1000, i));
        edits.add(new Edit.Put(path, false, body, Optional.of("text/plain")));
      }
      Fileset files = new Filesets(session).apply(Filesets.EMPTY, edits, session);
      session.publish();
      commit =
          world.versions.change(
              World.ANN,
              change -> {
                var _ = change.createRepo(branch.repo(), "");
                return change.putFinished(branch, files);
              });
    }
    Counting counting = new Counting(world.versions.chunks());
    ReadView view =
        new ReadView(commit, commit.finishedFiles().orElseThrow(), counting, Optional.empty());
    int middle = (int) (keys * place);
    String after = "d%04d/k%07d".formatted(middle / 1000, middle);

    Listings.Page page =
        Listings.page(
            Optional.of(view),
            new Listings.Wanted("master.r", prefix, delimiter, 100, false),
            Optional.of(new Token(false, after)));

    assertThat(page.keys().size() + page.folders().size()).isBetween(1, 100);
    return counting.reads;
  }

  @Test
  void aPageCostsTheSameInABucketOfAMillionKeys() throws Exception {
    long small = cost("small", 10_000, "", "", 0.5);
    long large = cost("large", 1_000_000, "", "", 0.5);

    assertThat(large).isLessThanOrEqualTo(small + 12);
  }

  @Test
  void aPageCostsTheSameWhereverItBegins() throws Exception {
    long first = cost("first", 100_000, "", "", 0.01);
    long last = cost("last", 100_000, "", "", 0.9);

    assertThat(last).isLessThanOrEqualTo(first + 8);
    assertThat(first).isLessThan(60);
  }

  /// Rolled up folders are passed by, not read.
  @Test
  void aPageOfFoldersDoesNotReadWhatIsInThem() throws Exception {
    assertThat(cost("folders", 100_000, "", "/", 0.001)).isLessThan(1500);
  }
}
