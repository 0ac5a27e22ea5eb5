package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.version.CommitId;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CountDownLatch;
import org.junit.jupiter.api.Test;

/// Who comes next, counted in turns.
class TurnsTest {
  private static Claim claim(String project, String pipeline, JobClass kind, int weight) {
    CommitId id = new CommitId("%032x".formatted(pipeline.hashCode() & 0xffff));
    return new Claim(new JobName(project, pipeline, id), kind, weight);
  }

  /// Gives so many turns one after another to jobs that always want one; counts them.
  private static Map<String, Integer> turns(int count, Claim... claims) {
    Rota rota = new Rota();
    Map<JobName, Claim> byName = new HashMap<>();
    for (Claim claim : claims) {
      byName.put(claim.job(), claim);
      rota.want(claim);
    }
    Map<String, Integer> counts = new HashMap<>();
    for (int i = 0; i < count; i++) {
      JobName next = rota.next(false).orElseThrow();
      counts.merge(next.pipeline(), 1, Integer::sum);
      rota.want(byName.get(next));
      rota.end(byName.get(next));
    }
    return counts;
  }

  @Test
  void projectsHaveTurnsByTheirWeight() {
    Map<String, Integer> counts =
        turns(
            400, claim("a", "heavy", JobClass.NORMAL, 3), claim("b", "light", JobClass.NORMAL, 1));

    assertThat(counts).containsEntry("heavy", 300).containsEntry("light", 100);
  }

  @Test
  void manyJobsOfAProjectHaveNoMoreThanOne() {
    Map<String, Integer> counts =
        turns(
            400,
            claim("a", "one", JobClass.NORMAL, 1),
            claim("a", "two", JobClass.NORMAL, 1),
            claim("a", "three", JobClass.NORMAL, 1),
            claim("a", "four", JobClass.NORMAL, 1),
            claim("b", "alone", JobClass.NORMAL, 1));

    assertThat(counts).containsEntry("alone", 200).containsEntry("one", 50);
  }

  @Test
  void classesShareAProjectAndNoneStarves() {
    Map<String, Integer> counts =
        turns(
            2_100,
            claim("a", "person", JobClass.INTERACTIVE, 1),
            claim("a", "usual", JobClass.NORMAL, 1),
            claim("a", "later", JobClass.BACKFILL, 1));

    assertThat(counts)
        .containsEntry("person", 1_600)
        .containsEntry("usual", 400)
        .containsEntry("later", 100);
  }

  @Test
  void whoComesLateWaitsForATurnAndTakesNothingBack() {
    Rota rota = new Rota();
    Claim old = claim("a", "old", JobClass.BACKFILL, 1);
    Claim late = claim("b", "late", JobClass.BACKFILL, 1);
    rota.want(old);
    for (int i = 0; i < 1_000; i++) {
      assertThat(rota.next(false)).contains(old.job());
      rota.want(old);
      rota.end(old);
    }
    List<String> next = new ArrayList<>();

    rota.want(late);
    for (int i = 0; i < 6; i++) {
      JobName job = rota.next(false).orElseThrow();
      next.add(job.pipeline());
      Claim claim = job.equals(old.job()) ? old : late;
      rota.want(claim);
      rota.end(claim);
    }

    assertThat(next.indexOf("late")).isLessThanOrEqualTo(1);
    assertThat(next).filteredOn("old"::equals).hasSize(3);
  }

  @Test
  void theOrderIsThatOfTheNextTurns() {
    Rota rota = new Rota();
    Claim later = claim("a", "later", JobClass.BACKFILL, 1);
    Claim person = claim("a", "person", JobClass.INTERACTIVE, 1);
    rota.want(later);
    rota.want(later);
    rota.want(person);
    assertThat(rota.next(false)).isPresent();
    assertThat(rota.next(false)).isPresent();

    assertThat(rota.order()).hasSize(1);
    assertThat(rota.claims()).hasSize(2);
  }

  @Test
  void aTurnIsWaitedForAndPassedOn() throws Exception {
    Turns turns = new Turns(1, 0);
    Claim first = claim("a", "first", JobClass.NORMAL, 1);
    Claim second = claim("b", "second", JobClass.NORMAL, 1);
    CountDownLatch had = new CountDownLatch(1);
    Turns.Turn turn = turns.take(first);
    Thread other =
        Thread.ofVirtual()
            .start(() -> {
              try (Turns.Turn mine = turns.take(second)) {
                had.countDown();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (!turn.wanted()) {
      Thread.onSpinWait();
    }

    assertThat(turns.standings().getFirst().claim()).isEqualTo(second);
    assertThat(turns.standings().getFirst().position()).isEqualTo(Optional.of(1));
    turn.pass();

    had.await();
    other.join();
    turn.close();
    assertThat(turns.standings()).isEmpty();
    assertThat(turns.full()).isFalse();
  }

  @Test
  void onlyInteractiveWorkTakesTheReserve() throws Exception {
    Turns turns = new Turns(1, 1);
    Claim normal = claim("a", "normal", JobClass.NORMAL, 1);
    Claim person = claim("b", "person", JobClass.INTERACTIVE, 1);
    Turns.Turn held = turns.take(normal);
    Thread waits =
        Thread.ofVirtual()
            .start(() -> {
              try (Turns.Turn mine = turns.take(normal)) {
                assertThat(mine.wanted()).isFalse();
              } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
              }
            });
    while (!held.wanted()) {
      Thread.onSpinWait();
    }

    Turns.Turn quick = turns.take(person);

    assertThat(turns.standings()).anyMatch(one -> one.claim().equals(person) && one.held() == 1);
    quick.close();
    assertThat(held.wanted()).isTrue();
    waits.interrupt();
    waits.join();
    held.close();
    assertThat(turns.standings()).isEmpty();
  }
}
