package dev.dassie.version;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.MemoryObjectStore;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.MemoryMetadata;
import java.io.ByteArrayInputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PreconditionTest {
  private static final BranchName MASTER = World.branch("images@master");
  private static final FilePath F = new FilePath("f");

  @TempDir Path folder;
  private final GatedMetadata metadata = new GatedMetadata(new MemoryMetadata());
  private final ExecutorService threads = Executors.newVirtualThreadPerTaskExecutor();
  private World world;

  @BeforeEach
  void open() {
    world =
        new World(folder, metadata, new Packs(new MemoryObjectStore(), folder.resolve("index")));
    world.createRepo("images");
  }

  @AfterEach
  void close() {
    metadata.open();
    threads.close();
  }

  private Commit put(String path, String text, Precondition.Want... wants) {
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      Body body = writer.store(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)));
      writer.put(
          new FilePath(path), false, body, false, FileAttributes.NONE.withEtag("tag of " + text));
      for (Precondition.Want want : wants) {
        writer.onlyIf(new Precondition(new FilePath(path), false, want));
      }
      return writer.commit();
    }
  }

  private FileAttributes attributes(FilePath path) {
    ReadView view = world.versions.read("default", "images@master");
    return view.reader().attributes(view.files(), path);
  }

  private static Precondition.Etag etag(String tag) {
    return new Precondition.Etag(Set.of(tag), false);
  }

  private static Fault.PreconditionFailed fault(Throwable refusal) {
    return (Fault.PreconditionFailed) ((DassieException) refusal).fault();
  }

  @Test
  void aWriteIsRefusedUnlessThePathIsAsItWants() {
    put("f", "1", new Precondition.Absent());

    assertThatThrownBy(() -> put("f", "2", new Precondition.Absent()))
        .hasMessage("`/f` has the entity tag `tag of 1`, expected nothing.");
    assertThatThrownBy(() -> put("f", "2", etag("other")))
        .satisfies(refusal -> assertThat(fault(refusal).there()).isTrue());
    assertThatThrownBy(() -> put("g", "2", etag("tag of 1")))
        .satisfies(refusal -> assertThat(fault(refusal).there()).isFalse());
    assertThatThrownBy(() -> put("g", "2", new Precondition.Present()))
        .hasMessage("`/g` has nothing, expected something.");
    assertThat(attributes(F).etag()).contains("tag of 1");

    put("f", "2", etag("tag of 1"), new Precondition.Present());
    ReadView view = world.versions.read("default", "images@master");
    Entry.File file = (Entry.File) view.reader().find(view.files(), F).orElseThrow();
    put("f", "3", new Precondition.Content(file.hash()));

    assertThat(attributes(F).etag()).contains("tag of 3");
  }

  @Test
  void anOpenCommitIsAskedForWhatItHolds() {
    world.start("images@master");
    put("f", "1");

    assertThatThrownBy(() -> put("f", "2", new Precondition.Absent()))
        .isInstanceOf(DassieException.class);
    put("f", "2", etag("tag of 1"));

    assertThat(attributes(F).etag()).contains("tag of 2");
  }

  @Test
  void ofWritersThatWaitTogetherOneIsFirstAndTheOthersAreRefusedAlone() throws Exception {
    for (boolean open : List.of(false, true)) {
      if (open) {
        world.start("images@master");
      }
      String path = "once" + open;
      metadata.shut();
      Future<Commit> held = threads.submit(() -> put("held" + open, "x"));
      metadata.awaitBlocked();
      List<Future<Commit>> racers = new ArrayList<>();
      for (int i = 0; i < 8; i++) {
        String text = "text " + i;
        racers.add(threads.submit(() -> put(path, text, new Precondition.Absent())));
      }
      Future<Commit> bystander = threads.submit(() -> put("by" + open, "x"));
      while (world.files.waiting(MASTER) < 9) {
        Thread.onSpinWait();
      }
      metadata.open();
      held.get();
      bystander.get();
      int won = 0;
      for (Future<Commit> racer : racers) {
        try {
          racer.get();
          won++;
        } catch (ExecutionException e) {
          assertThat(fault(e.getCause()).there()).isTrue();
        }
      }

      assertThat(won).isEqualTo(1);
    }
  }

  @Test
  void aFileAndAMarkerCannotShareAPath() {
    for (boolean open : List.of(false, true)) {
      if (open) {
        world.start("images@master");
      }
      mark("d" + open + "/e");
      put("g" + open, "1");

      assertThatThrownBy(() -> put("d" + open, "1"))
          .hasMessageContaining("cannot be both a file and the directory of `/d" + open + "/e/`");
      assertThatThrownBy(() -> mark("g" + open + "/x"))
          .hasMessageContaining("`/g" + open + "` cannot be both a file and the directory");
    }
  }

  @Test
  void appendingDropsWhatSpeaksOfTheBytes() {
    put("f", "1");
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      Body more = new Body.Inline(new byte[] {1});
      writer.put(F, false, more, true, Optional.of("text/x"));
      writer.commit();
    }

    assertThat(attributes(F)).isEqualTo(FileAttributes.ofType(Optional.of("text/x")));
  }

  @Test
  void aCopiedDirectoryTakesAttributesAndMarkersAlong() {
    put("d/f", "1");
    mark("d/e");
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      ReadView view = world.versions.read("default", "images@master");
      writer.copy(view.files(), new FilePath("d"), new FilePath("c"), false);
      writer.commit();
    }

    assertThat(attributes(new FilePath("c/f")).etag()).contains("tag of 1");
    ReadView view = world.versions.read("default", "images@master");
    assertThat(view.reader().marker(view.files(), new FilePath("c/e"))).isPresent();
  }

  @Test
  void rowsThatGoAlongAreWrittenWithTheFilesOrNotAtAll() {
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      writer.put(F, false, new Body.Inline(new byte[] {1}), false, FileAttributes.NONE);
      writer.along(change -> {
        throw new Fault.NotFound("upload", "u", Optional.empty()).asException();
      });

      assertThatThrownBy(writer::commit).hasMessage("No upload is named `u`.");
    }
    assertThat(world.versions.findRef(MASTER)).isEmpty();
  }

  private void mark(String path) {
    try (FileWriter writer = world.files.write(World.ANN, MASTER)) {
      writer.mark(new FilePath(path), FileAttributes.NONE);
      writer.commit();
    }
  }
}
