package dev.dassie.version.multipart;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.Alarms;
import dev.dassie.version.BranchName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.IdSource;
import dev.dassie.version.Precondition;
import dev.dassie.version.ReadView;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import dev.dassie.version.multipart.Multiparts.Chosen;
import dev.dassie.version.multipart.Outcome.Reason;
import dev.dassie.version.multipart.Outcome.Refused;
import java.io.ByteArrayInputStream;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MultipartsTest {
  private static final RepoName REPO = new RepoName("default", "images");
  private static final BranchName MASTER = new BranchName(REPO, "master");
  private static final FilePath BIG = new FilePath("a/big");
  private static final int MIB = 1 << 20;
  private static final String TAG = "0123456789abcdef0123456789abcdef";

  @TempDir Path folder;
  private World world;
  private Multiparts uploads;

  @BeforeEach
  void open() {
    world = new World(folder);
    world.versions.change(World.ANN, change -> change.createRepo(REPO, ""));
    uploads = uploads();
  }

  private Multiparts uploads() {
    return new Multiparts(
        world.versions, IdSource.of(new Random(5)), world.files::write, UploadLimits.USUAL);
  }

  private static byte[] random(int seed, int length) {
    byte[] bytes = new byte[length];
    new Random(seed).nextBytes(bytes);
    return bytes;
  }

  private Upload create(FilePath path) {
    return uploads.create(World.ANN, MASTER, path, FileAttributes.ofType(Optional.of("image/png")));
  }

  private Part put(Upload upload, int number, byte[] bytes) {
    String etag = HexFormat.of().toHexDigits(number).repeat(4);
    return uploads.put(
        upload.name(),
        number,
        new ByteArrayInputStream(bytes),
        () -> new Part.Facts(etag, List.of()));
  }

  private Outcome complete(Upload upload, Part... parts) {
    return uploads.complete(
        World.ANN,
        upload.name(),
        Arrays.stream(parts).map(part -> new Chosen(part.number(), part.etag())).toList(),
        List.of(),
        (known, _) -> known);
  }

  private ReadView view() {
    return world.versions.read(REPO, "master");
  }

  private Entry.File file(FilePath path) {
    return (Entry.File) view().reader().find(view().files(), path).orElseThrow();
  }

  private Body single(byte[] bytes) {
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      return writer.store(new ByteArrayInputStream(bytes));
    }
  }

  private static byte[] joined(byte[]... parts) {
    byte[] all = new byte[0];
    for (byte[] part : parts) {
      int at = all.length;
      all = Arrays.copyOf(all, at + part.length);
      System.arraycopy(part, 0, all, at, part.length);
    }
    return all;
  }

  private static Reason reason(Outcome outcome) {
    return ((Refused) outcome).reason();
  }

  private long rows(String table) {
    return world.metadata.read(rows -> (long) rows.scan(table, "", "", 100_000).size());
  }

  @Test
  void partsBecomeTheFileThatOnePutOfTheirBytesGives() {
    byte[] one = random(1, 6 * MIB + 17);
    byte[] two = random(2, 5 * MIB);
    byte[] three = random(3, 100_001);
    Upload upload = create(BIG);
    Part third = put(upload, 7, three);
    Part first = put(upload, 1, one);
    Part second = put(upload, 3, two);

    Outcome.Done done = (Outcome.Done) complete(upload, first, second, third);

    assertThat(file(BIG).body()).isEqualTo(single(joined(one, two, three)));
    FileAttributes known = view().reader().attributes(view().files(), BIG);
    assertThat(known.contentType()).contains("image/png");
    assertThat(known.etag()).contains(done.etag());
    assertThat(done.etag()).endsWith("-3").hasSize(34);
    assertThat(known.parts())
        .containsExactly(
            new FileAttributes.Run(one.length, 1),
            new FileAttributes.Run(two.length, 1),
            new FileAttributes.Run(three.length, 1));
    assertThat(view().commit().name().id()).isEqualTo(done.commit());
    assertThat(rows(UploadTable.PART) + rows(UploadTable.UPLOAD) + rows(UploadTable.BY_KEY))
        .isZero();
  }

  @Test
  void aPartOfARangeOfAFileIsNamedNotCopied() {
    byte[] source = random(4, 12 * MIB);
    FilePath from = new FilePath("from");
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      writer.put(from, false, new ByteArrayInputStream(source), false, Optional.empty());
      writer.commit();
    }
    Upload upload = create(BIG);
    Part first = uploads.copy(upload.name(), 1, view(), from, 1_000, 6 * MIB);
    Part second = uploads.copy(upload.name(), 2, view(), from, 0, 3);

    assertThatThrownBy(() -> uploads.copy(upload.name(), 3, view(), from, 12 * MIB, 1))
        .hasMessageContaining("expected one within");
    complete(upload, first, second);

    assertThat(file(BIG).body())
        .isEqualTo(
            single(
                joined(
                    Arrays.copyOfRange(source, 1_000, 1_000 + 6 * MIB), Arrays.copyOf(source, 3))));
  }

  @Test
  void aListThatIsNotOfThisUploadIsRefusedAndSaysWhy() {
    Upload upload = create(BIG);
    Part one = put(upload, 1, new byte[10]);
    Part two = put(upload, 2, new byte[10]);
    Part other = new Part(2, TAG, List.of(), two.body(), two.stored());
    Part missing = new Part(3, TAG, List.of(), two.body(), two.stored());

    assertThat(reason(complete(upload))).isEqualTo(Reason.BAD_LIST);
    assertThat(reason(complete(upload, two, one))).isEqualTo(Reason.BAD_ORDER);
    assertThat(reason(complete(upload, one, one))).isEqualTo(Reason.BAD_ORDER);
    assertThat(reason(complete(upload, other))).isEqualTo(Reason.NO_PART);
    assertThat(reason(complete(upload, missing))).isEqualTo(Reason.NO_PART);
    assertThat(complete(upload, one, two))
        .isEqualTo(
            new Refused(
                Reason.TOO_SMALL,
                1,
                "The part `1` has 10 bytes, expected 5242880 at least of all but the last."));
    assertThat(complete(upload, two)).isInstanceOf(Outcome.Done.class);
    for (String odd : List.of("", "x", "../../x", "a".repeat(40), "A".repeat(32))) {
      Upload none = new Upload(odd, MASTER, BIG, FileAttributes.NONE, upload.started(), "p");
      assertThat(reason(complete(none, one))).isEqualTo(Reason.NO_UPLOAD);
      assertThatThrownBy(() -> uploads.abort(none.name())).hasMessageContaining("No upload");
    }
    assertThatThrownBy(() -> put(create(BIG), 10_001, new byte[1]))
        .hasMessage("The part number is `10001`, expected 1 to 10000.");
  }

  @Test
  void completingTwiceAnswersTheSameAndMakesOneCommit() throws Exception {
    Upload upload = create(BIG);
    Part part = put(upload, 1, new byte[1_000]);
    List<Outcome> answers = new ArrayList<>();
    try (ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor()) {
      List<Future<Outcome>> all = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        Callable<Outcome> work = () -> complete(upload, part);
        all.add(threads.submit(work));
      }
      for (Future<Outcome> one : all) {
        answers.add(one.get());
      }
    }

    assertThat(answers).hasSize(8).containsOnly(answers.getFirst());
    assertThat(
            uploads()
                .complete(
                    World.ANN,
                    upload.name(),
                    List.of(new Chosen(1, part.etag())),
                    List.of(),
                    (known, _) -> known))
        .isEqualTo(answers.getFirst());
    assertThat(world.versions.commits(REPO, commit -> true, "", 10).items()).hasSize(1);
    assertThat(reason(complete(upload, new Part(2, TAG, List.of(), part.body(), part.stored()))))
        .isEqualTo(Reason.NO_UPLOAD);
  }

  @Test
  void thePartThatCameLastStands() {
    Upload upload = create(BIG);
    put(upload, 1, new byte[] {1});
    Part last = put(upload, 1, new byte[] {2});

    assertThat(uploads.parts(upload.name(), 0, 10)).containsExactly(last);
    complete(upload, last);

    assertThat(file(BIG).body()).isEqualTo(new Body.Inline(new byte[] {2}));
  }

  @Test
  void aPartThatComesAfterTheEndIsRefused() {
    Upload upload = create(BIG);

    assertThatThrownBy(() ->
            uploads.put(
                upload.name(),
                1,
                new ByteArrayInputStream(new byte[1_000]),
                () -> {
                  uploads.abort(upload.name());
                  return new Part.Facts(TAG, List.of());
                }))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.NotFound.class));
    assertThat(rows(UploadTable.PART)).isZero();
  }

  @Test
  void aConditionThatFailsLeavesTheUpload() {
    Upload upload = create(BIG);
    Part part = put(upload, 1, new byte[] {1});
    complete(create(BIG), put(create(BIG), 1, new byte[] {9}));
    Upload other = create(BIG);
    Part its = put(other, 1, new byte[] {3});
    complete(other, its);
    Precondition absent = new Precondition(BIG, false, new Precondition.Absent());

    assertThatThrownBy(() ->
            uploads.complete(
                World.ANN,
                upload.name(),
                List.of(new Chosen(1, part.etag())),
                List.of(absent),
                (known, _) -> known))
        .hasMessageContaining("expected nothing");

    assertThat(uploads.parts(upload.name(), 0, 10)).containsExactly(part);
  }

  @Test
  void uploadsAreListedByPathAndThenById() {
    List<Upload> all = new ArrayList<>();
    for (String path : List.of("b", "a/x", "a/x", "a", "c/" + "é".repeat(700))) {
      all.add(create(new FilePath(path)));
    }
    List<String> paths =
        uploads.list(MASTER, "", "", "", 100).stream().map(one -> one.path().value()).toList();

    assertThat(paths).containsExactly("a", "a/x", "a/x", "b", "c/" + "é".repeat(700));
    assertThat(uploads.list(MASTER, "a/", "", "", 100)).hasSize(2);
    assertThat(uploads.list(MASTER, "c/" + "é".repeat(650), "", "", 100)).hasSize(1);
    assertThat(uploads.list(MASTER, "", "a/x", "", 100)).hasSize(2);
    List<Upload> paged = new ArrayList<>();
    Upload last = uploads.list(MASTER, "", "", "", 1).getFirst();
    paged.add(last);
    while (paged.size() < 5) {
      last = uploads.list(MASTER, "", last.path().value(), last.id(), 1).getFirst();
      paged.add(last);
    }
    assertThat(paged).containsExactlyInAnyOrderElementsOf(all);
    assertThat(uploads.list(MASTER, "", last.path().value(), last.id(), 1)).isEmpty();
  }

  @Test
  void uploadsThatAreTooOldAreDroppedAndSoIsTheMemoryOfThoseThatEnded() {
    Upload old = create(BIG);
    put(old, 1, new byte[1_000]);
    Upload ended = create(BIG);
    complete(ended, put(ended, 1, new byte[] {1}));
    Alarms.Alarm ofOld =
        new Alarms.Alarm(Multiparts.ALARM, UploadTable.row(old.name()), world.clock.instant());
    Alarms.Alarm ofEnded =
        new Alarms.Alarm(Multiparts.ALARM, UploadTable.row(ended.name()), world.clock.instant());

    uploads.ring(ofOld);
    uploads.ring(ofEnded);
    assertThat(rows(UploadTable.PART) + rows(UploadTable.DONE)).isEqualTo(2);
    world.clock.pass(Duration.ofDays(7));
    uploads.ring(ofOld);
    uploads.ring(ofEnded);

    assertThat(rows(UploadTable.PART) + rows(UploadTable.DONE) + rows(UploadTable.UPLOAD)).isZero();
    assertThat(rows("alarm")).isZero();
  }

  @Test
  void uploadsGoWithTheirBranchAndTheirRepo() {
    complete(create(BIG), put(create(BIG), 1, new byte[] {1}));
    Upload done = create(BIG);
    complete(done, put(done, 1, new byte[] {1}));
    put(create(BIG), 1, new byte[1_000]);
    world.versions.change(
        World.ANN,
        change -> {
          change.deleteBranch(MASTER);
          return true;
        });
    assertThat(rows(UploadTable.PART) + rows(UploadTable.UPLOAD) + rows(UploadTable.BY_KEY))
        .isZero();

    put(create(BIG), 1, new byte[1_000]);
    world.versions.change(
        World.ANN,
        change -> {
          change.deleteRepo(REPO);
          return true;
        });

    assertThat(rows(UploadTable.PART) + rows(UploadTable.UPLOAD) + rows(UploadTable.BY_KEY))
        .isZero();
    assertThat(rows(UploadTable.DONE)).isZero();
  }

  @Test
  void whatIsHeldIsEveryPart() {
    Upload upload = create(BIG);
    Part one = put(upload, 1, new byte[1_000]);
    Part two = put(upload, 2, new byte[2_000]);
    List<Body> held = new ArrayList<>();

    uploads.held(held::add);

    assertThat(held).containsExactly(one.body(), two.body());
  }

  @Test
  void uploadsBeyondTheLimitOfABranchAreRefusedUntilOneEnds() {
    uploads =
        new Multiparts(
            world.versions,
            IdSource.of(new Random(6)),
            world.files::write,
            new UploadLimits(Multiparts.EXPIRY, 3));
    List<Upload> open = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      open.add(uploads.create(World.ANN, MASTER, new FilePath("f" + i), FileAttributes.NONE));
    }

    assertThatThrownBy(
            () -> uploads.create(World.ANN, MASTER, new FilePath("f"), FileAttributes.NONE))
        .hasMessageContaining("`3`")
        .hasMessageContaining("raise `s3_uploads`");
    uploads.abort(open.getFirst().name());
    Upload next = uploads.create(World.ANN, MASTER, new FilePath("f"), FileAttributes.NONE);

    assertThat(uploads.inspect(next.name())).isEqualTo(next);
  }
}
