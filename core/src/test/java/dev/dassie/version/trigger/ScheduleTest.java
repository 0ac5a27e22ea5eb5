package dev.dassie.version.trigger;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class ScheduleTest {
  /// A Saturday.
  private static final Instant NOON = Instant.parse("2026-11-21T12:00:00.25Z");

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "*/10 * * * *; 2026-11-21T12:10:00Z; 2026-11-21T12:20:00Z",
        "30 3 * * 1-5; 2026-11-23T03:30:00Z; 2026-11-24T03:30:00Z",
        "0 0 13 * fri; 2026-11-27T00:00:00Z; 2026-12-04T00:00:00Z",
        "0 0 * * 7; 2026-11-22T00:00:00Z; 2026-11-29T00:00:00Z",
        "0 0 29 2 *; 2028-02-29T00:00:00Z; 2032-02-29T00:00:00Z",
        "@hourly; 2026-11-21T13:00:00Z; 2026-11-21T14:00:00Z",
        "@daily; 2026-11-22T00:00:00Z; 2026-11-23T00:00:00Z",
        "@midnight; 2026-11-22T00:00:00Z; 2026-11-23T00:00:00Z",
        "@weekly; 2026-11-22T00:00:00Z; 2026-11-29T00:00:00Z",
        "@monthly; 2026-12-01T00:00:00Z; 2027-01-01T00:00:00Z",
        "@yearly; 2027-01-01T00:00:00Z; 2028-01-01T00:00:00Z",
        "@every 10s; 2026-11-21T12:00:10Z; 2026-11-21T12:00:20Z",
        "@every 1h30m; 2026-11-21T13:30:00Z; 2026-11-21T15:00:00Z",
        "CRON_TZ=Europe/Berlin 0 3 * * *; 2026-11-22T02:00:00Z; 2026-11-23T02:00:00Z"
      })
  void ticksComeWhereTheFieldsMatch(String text, Instant first, Instant second) {
    Schedule schedule = Schedule.parse(text);

    assertThat(schedule.after(NOON)).contains(first);
    assertThat(schedule.after(first)).contains(second);
    assertThat(schedule.missed(NOON, second, 10).ticks()).containsExactly(first, second);
  }

  @Test
  void theTicksThatWereMissedAreThoseThatFollowEachOther() {
    for (String text : List.of("*/7 * * * *", "@hourly", "0 9,17 * * 1-5", "@every 13m")) {
      Schedule schedule = Schedule.parse(text);
      Instant end = NOON.plus(Duration.ofDays(9));
      List<Instant> expected = new ArrayList<>();
      Optional<Instant> tick = schedule.after(NOON);
      while (tick.isPresent() && !tick.get().isAfter(end)) {
        expected.add(tick.get());
        tick = schedule.after(tick.get());
      }

      assertThat(schedule.missed(NOON, end, 10_000).ticks()).isEqualTo(expected);
      assertThat(schedule.missed(NOON, end, 5).ticks())
          .isEqualTo(expected.subList(expected.size() - 5, expected.size()));
      assertThat(schedule.missed(NOON, end, 5).more()).isTrue();
      assertThat(schedule.missed(NOON, end, expected.size()).more()).isFalse();
    }
  }

  @Test
  void aGapOfYearsCostsNoMoreThanTheTicksThatAreAskedFor() {
    Instant later = NOON.plus(Duration.ofDays(3650));

    assertThat(Schedule.parse("@every 1s").missed(NOON, later, 3).ticks())
        .containsExactly(
            Instant.parse("2036-11-18T11:59:58Z"),
            Instant.parse("2036-11-18T11:59:59Z"),
            Instant.parse("2036-11-18T12:00:00Z"));
    assertThat(Schedule.parse("* * * * *").missed(NOON, later, 1).ticks())
        .containsExactly(Instant.parse("2036-11-18T12:00:00Z"));
  }

  @Test
  void neverNeverTicks() {
    Schedule schedule = Schedule.parse("@never");

    assertThat(schedule.after(NOON)).isEmpty();
    assertThat(schedule.missed(Instant.EPOCH, NOON, 10).ticks()).isEmpty();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "hourly",
        "@often",
        "* * * *",
        "* * * * * *",
        "60 * * * *",
        "0 24 * * *",
        "0 0 0 * *",
        "0 0 * 13 *",
        "0 0 * * 8",
        "a b c d e",
        "@hourly @daily",
        "*/0 * * * *",
        "5-1 * * * *",
        "0 0 L * *",
        "0 0 * * 1#2",
        "0 0 * * * || 1 1 * * *"
      })
  void anythingElseIsRefusedInOneSentence(String text) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .hasMessage(
            "The schedule is `%s`, expected five fields like `0 3 * * 1`, `@hourly`, `@daily`, `@every 10s` or `@never`."
                .formatted(text));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "@every 0s",
        "@every -1s",
        "@every 10",
        "@every 500ms",
        "@every 99999h",
        "@every 1d"
      })
  void anIntervalIsASecondOrMore(String text) {
    assertThatThrownBy(() -> Schedule.parse(text))
        .hasMessage(
            "The schedule is `%s`, expected `@every` and a time from `1s` to ten years, like `@every 1h30m`."
                .formatted(text));
  }

  @Test
  void datesThatNeverComeAndZonesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> Schedule.parse("0 0 30 2 *"))
        .hasMessage(
            "The schedule is `0 0 30 2 *`, expected a time that comes; no date ever matches these fields.");
    assertThatThrownBy(() -> Schedule.parse("CRON_TZ=Mars/Base 0 0 1 2 *"))
        .hasMessage(
            "The schedule is `CRON_TZ=Mars/Base 0 0 1 2 *`, expected a time zone like `Europe/Berlin` behind `CRON_TZ=`.");
    assertThatThrownBy(() -> Schedule.parse("1".repeat(5000)))
        .hasMessageContaining("expected at most 200 characters");
  }
}
