package dev.dassie.server.spec;

import static dev.dassie.server.spec.BadSpecsTest.bad;
import static dev.dassie.server.spec.BadSpecsTest.input;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.server.spec.BadSpecsTest.Bad;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// What starts jobs, said wrongly.
class BadStartsTest {
  @ParameterizedTest
  @MethodSource("table")
  void aBadStartIsRefusedWithAllItsProblems(Bad bad) {
    assertThat(BadSpecsTest.problems(bad.text())).containsExactlyElementsOf(bad.problems());
  }

  static Stream<Bad> table() {
    return Stream.of(crons(), triggers()).flatMap(List::stream);
  }

  private static List<Bad> crons() {
    return List.of(
        bad(
            input("{cron: {}}"),
            "3:15 `input.cron.name` is missing, expected the folder under `/pfs`. [Write `name: tick`.]",
            "3:15 `input.cron.spec` is missing, expected when it ticks. [Write `spec: '@hourly'`.]"),
        bad(
            input("{cron: {name: out, spec: '@every 0s', start: now, repo: 'a/b', commit: x}}"),
            "3:33 `input.cron.spec` is `@every 0s`, expected `@every` and a time from `1s` to ten years, like `@every 1h30m`.",
            "3:53 `input.cron.start` is `now`, expected a time like `2026-11-21T10:00:00Z`.",
            "3:64 `input.cron.repo` is `a/b`, expected 1 to 63 letters, digits, `_` or `-`.",
            "3:79 `input.cron.commit` is `x`, expected none; the server makes the commits."),
        bad(
            input("{cron: {name: out, spec: '@daily'}}"),
            "3:22 `input.cron.name` is `out`, expected another name; that one has a meaning under `/pfs`."),
        bad(
            input("{join: [{cron: {name: t, spec: '0 0 30 2 *'}}]}"),
            "3:23 `input.join[0].cron` is in a join or group, where ticks have no key.",
            "3:39 `input.join[0].cron.spec` is `0 0 30 2 *`, expected a time that comes; no date ever matches these fields."));
  }

  private static List<Bad> triggers() {
    return List.of(
        bad(
            input("{pfs: {repo: r, glob: /, trigger: {}}}"),
            "3:42 `input.pfs.trigger` is `master`, expected a size, a number of commits, a rate limit or a schedule beside it."),
        bad(
            input("{pfs: {repo: r, glob: /, trigger: {size: -1, commits: -2}}}"),
            "3:49 `input.pfs.trigger.size` is `-1`, expected one like `1MB`, more than 0."),
        bad(
            input("{pfs: {repo: r, glob: /, trigger: {commits: -2}}}"),
            "3:42 `input.pfs.trigger` is `-2`, expected 1 or more."),
        bad(
            input("{pfs: {repo: r, glob: /, branch: b, trigger: {branch: b, commits: 1}}}"),
            "3:53 `input.pfs.trigger.branch` is `b`, expected another branch than the one that is read."),
        bad(
            input("{pfs: {repo: r, glob: /, trigger: {cronSpec: '@dayly', rateLimitSpec: x}}}"),
            "3:53 `input.pfs.trigger.cronSpec` is `@dayly`, expected five fields like `0 3 * * 1`, `@hourly`, `@daily`, `@every 10s` or `@never`.",
            "3:78 `input.pfs.trigger.rateLimitSpec` is `x`, expected five fields like `0 3 * * 1`, `@hourly`, `@daily`, `@every 10s` or `@never`."),
        bad(
            input("{pfs: {repo: r, glob: /, trigger: {branch: 'a/b', commits: 1, sise: 3}}}"),
            "3:51 `input.pfs.trigger.branch` is `a/b`, expected 1 to 63 letters, digits, `_` or `-`.",
            "3:70 `sise` is not a field of `input.pfs.trigger`. [Did you mean `size`?]"));
  }
}
