package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

@Timeout(60)
final class EgressRunTest {
  private static final Egress PLACE = new Egress.Objects("s3://bucket/x", Optional.empty());

  @TempDir Path folder;
  private Lab lab;
  private final Place place = new Place();

  /// A place outside that refuses as often as it is told, and may keep the writer waiting.
  private final class Place implements Outlet {
    final Deque<Fault> refusals = new ArrayDeque<>();
    final List<Map<String, String>> written = new CopyOnWriteArrayList<>();
    final CountDownLatch begun = new CountDownLatch(1);
    volatile boolean stuck;

    @Override
    public void check(Egress to) {}

    @Override
    public void write(
        Egress to,
        Fileset output,
        ChunkStore chunks,
        Optional<SecretValues> secret,
        BooleanSupplier stopped) {
      begun.countDown();
      while (stuck) {
        if (stopped.getAsBoolean()) {
          throw new Fault.Unavailable("The place", "it was stopped").asException();
        }
        Thread.onSpinWait();
      }
      if (!refusals.isEmpty()) {
        throw refusals.pop().asException();
      }
      written.add(lab.text(output));
    }
  }

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.outlet = place;
    lab.restart().close();
    lab.repoNamed("in");
  }

  @AfterEach
  void close() {
    lab.close();
  }

  private static PipelineSpec spec() {
    return Lab.spec("out", "copy", Lab.files("in", "/*")).with(Optional.of(PLACE));
  }

  @Test
  void theOutputIsBroughtThereBeforeTheJobEnds() throws Exception {
    lab.pipeline(spec());
    lab.put("in", "a", "1");

    Job job = lab.newest("out");

    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(job.reason()).isEmpty();
    assertThat(place.written.getLast()).containsOnly(Map.entry("a", "1"));
  }

  @Test
  void troubleThatPassesIsTriedAgain() throws Exception {
    place.refusals.add(new Fault.Unavailable("The place", "it is tired"));
    lab.pipeline(spec());
    lab.put("in", "a", "1");

    assertThat(lab.newest("out").state()).isEqualTo(Job.State.SUCCESS);
    assertThat(place.refusals).isEmpty();
  }

  /// The commit stays, and what is downstream or next goes on with it.
  @Test
  void whatCannotBeBroughtThereFailsTheJobAndKeepsItsOutput() throws Exception {
    place.refusals.add(new Fault.Failed("No such table.", Optional.empty()));
    lab.pipeline(spec());
    lab.put("in", "a", "1");

    Job first = lab.newest("out");
    lab.put("in", "b", "2");
    Job second = lab.newest("out");

    assertThat(first.state()).isEqualTo(Job.State.FAILED);
    assertThat(first.reason())
        .isEqualTo(
            "The output was computed and is kept, but could not be written to `s3://bucket/x`: No"
                + " such table.");
    assertThat(lab.world.versions.inspect(first.name().output()).state())
        .isInstanceOf(Commit.Finished.class);
    assertThat(second.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(second.base()).contains(first.name().id());
    assertThat(place.written.getLast()).containsOnlyKeys("a", "b");
  }

  @Test
  void whatAServerLeftHalfDoneIsWrittenAgainAfterItsStart() throws Exception {
    place.stuck = true;
    lab.pipeline(spec());
    lab.put("in", "a", "1");
    place.begun.await();
    JobName name = lab.newestName("out");
    Job before = lab.jobs().inspect(name);
    place.stuck = false;
    place.written.clear();
    int ran = lab.executor.ran.size();
    lab.restart();

    Job job = lab.ended(name);

    assertThat(before.state()).isEqualTo(Job.State.RUNNING);
    assertThat(before.reason()).isEqualTo("The output is being written to `s3://bucket/x`.");
    assertThat(job.state()).isEqualTo(Job.State.SUCCESS);
    assertThat(job.datums()).isEqualTo(new Job.Counts(1, 1, 0, 0, 0));
    assertThat(place.written.getLast()).containsOnlyKeys("a");
    assertThat(lab.executor.ran).hasSize(ran);
  }

  @Test
  void aJobIsStoppedAmidItsEgress() throws Exception {
    place.stuck = true;
    lab.pipeline(spec());
    lab.put("in", "a", "1");
    place.begun.await();

    Job stopped = lab.jobs().stop(Lab.ANN, lab.newestName("out"));
    place.stuck = false;

    assertThat(stopped.state()).isEqualTo(Job.State.STOPPED);
    assertThat(lab.read("out")).containsOnlyKeys("a");
  }
}
