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

  /// A bucket with so many keys, in folders of a thousand.
  private ReadView bucket(String name, int keys) throws Exception {
    World world = new World(java.nio.file.Files.createDirectories(folder.resolve(name)));
    BranchName branch = new BranchName(new RepoName("default", "r"), "master");
    try (ChunkStore.Session session = world.versions.chunks().session();
        Edits edits = new Edits(folder)) {
      Body body = new Body.Inline(new byte[] {1});
      for (int i = 0; i < keys; i++) {
        FilePath path = new FilePath(key(i));
        edits.add(new Edit.Put(path, false, body, Optional.of("text/plain")));
      }
      Fileset files = new Filesets(session).apply(Filesets.EMPTY, edits, session);
      session.publish();
      Commit commit =
          world.versions.change(
              World.ANN,
              change -> {
                var _ = change.createRepo(branch.repo(), "");
                return change.putFinished(branch, files);
              });
      return new ReadView(
          commit, commit.finishedFiles().orElseThrow(), world.versions.chunks(), Optional.empty());
    }
  }

  private static String key(int number) {
    return "d%04d/k%07d".formatted(number / 1000, number);
  }

  /// Nodes that a page of 100 reads which begins behind a key.
  private static long cost(ReadView bucket, String delimiter, int after) {
    Counting counting = new Counting(bucket.chunks());
    ReadView view = new ReadView(bucket.commit(), bucket.files(), counting, Optional.empty());

    Listings.Page page =
        Listings.page(
            Optional.of(view),
            new Listings.Wanted("master.r", "", delimiter, 100, false),
            after < 0 ? Optional.empty() : Optional.of(new Token(false, key(after))));

    assertThat(page.keys().size() + page.folders().size()).isBetween(1, 100);
    return counting.reads;
  }

  /// However many keys there are, and wherever a page begins, it costs the same.
  @Test
  void everyPageOfAMillionKeysCostsWhatTheFirstDoes() throws Exception {
    int million = 1_000_000;
    ReadView large = bucket("large", million);
    for (String delimiter : new String[] {"", "/"}) {
      long first = cost(large, delimiter, -1);

      assertThat(cost(large, delimiter, million / 2)).isLessThanOrEqualTo(first + 12);
      assertThat(cost(large, delimiter, million - 150)).isLessThanOrEqualTo(first + 12);
    }
    ReadView small = bucket("small", 10_000);
    assertThat(cost(large, "", -1)).isLessThanOrEqualTo(cost(small, "", -1) + 12).isLessThan(60);
  }

  /// Rolled up folders are passed by, not read.
  @Test
  void aPageOfFoldersDoesNotReadWhatIsInThem() throws Exception {
    assertThat(cost(bucket("folders", 100_000), "/", 100)).isLessThan(1500);
  }
}
