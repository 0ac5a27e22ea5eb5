package dev.dassie.retention;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Noise;
import dev.dassie.content.Pace;
import dev.dassie.content.Packs;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.IdSource;
import dev.dassie.version.ReadView;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import dev.dassie.version.multipart.Multiparts;
import dev.dassie.version.multipart.Multiparts.Chosen;
import dev.dassie.version.multipart.Outcome;
import dev.dassie.version.multipart.Part;
import dev.dassie.version.multipart.Upload;
import dev.dassie.version.multipart.UploadLimits;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Parts of uploads are held while their upload is open, and go with it.
final class OpenUploadsTest {
  private static final BranchName MASTER =
      new BranchName(new RepoName("default", "images"), "master");
  private static final FilePath BIG = new FilePath("big");
  private static final int SIZE = 3 << 20;
  private static final String TAG = "0123456789abcdef".repeat(2);

  @TempDir Path folder;
  private final MemoryObjectStore objects = new MemoryObjectStore();
  private Packs packs;
  private World world;
  private Retention retention;
  private Multiparts uploads;

  @BeforeEach
  void open() {
    packs = new Packs(objects, folder.resolve("index"));
    world = new World(folder, new MemoryMetadata(), packs);
    world.versions.change(World.ANN, change -> change.createRepo(MASTER.repo(), ""));
    uploads =
        new Multiparts(
            world.versions, IdSource.of(new Random(9)), world.files::write, UploadLimits.USUAL);
    retention = new Retention(packs, world.versions);
    retention.keep(marker -> uploads.held(marker::body));
  }

  @AfterEach
  void close() {
    packs.close();
  }

  private Upload upload(int seed) {
    Upload upload = uploads.create(World.ANN, MASTER, BIG, FileAttributes.NONE);
    put(upload, seed);
    return upload;
  }

  private void put(Upload upload, int seed) {
    Part _ =
        uploads.put(
            upload.name(),
            1,
            new ByteArrayInputStream(Noise.bytes(seed, SIZE)),
            () -> new Part.Facts(TAG, List.of()));
  }

  private long freed() {
    return retention.gc(Duration.ZERO, false, new Pace(Pace.UNBOUNDED)).swept().freed();
  }

  private byte[] read() throws IOException {
    ReadView view = world.versions.read(MASTER.repo(), MASTER.branch());
    Entry.File file = (Entry.File) view.reader().find(view.files(), BIG).orElseThrow();
    try (InputStream in = view.reader().open(file)) {
      return in.readAllBytes();
    }
  }

  @Test
  void anOpenUploadKeepsItsPartsAndTheFileIsReadableAfterwards() throws IOException {
    Upload upload = upload(1);

    assertThat(freed()).isLessThan(10_000);
    Outcome done =
        uploads.complete(
            World.ANN, upload.name(), List.of(new Chosen(1, TAG)), List.of(), (known, _) -> known);
    assertThat(freed()).isLessThan(10_000);

    assertThat(done).isInstanceOf(Outcome.Done.class);
    assertThat(read()).isEqualTo(Noise.bytes(1, SIZE));
  }

  @Test
  void partsOfAnUploadThatEndedAndPartsThatWereReplacedAreFreed() {
    Upload aborted = upload(2);
    Upload replaced = upload(3);
    put(replaced, 4);

    uploads.abort(aborted.name());

    assertThat(freed()).isBetween(2L * SIZE, 3L * SIZE - 1);
  }
}
