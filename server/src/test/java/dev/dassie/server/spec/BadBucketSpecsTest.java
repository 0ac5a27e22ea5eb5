package dev.dassie.server.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What cannot stand beside a bucket is told at once, each problem at its place.
class BadBucketSpecsTest {
  private static final String CODE = "{pipeline: {name: p}, transform: {cmd: [x]}, ";

  /// Line, column and sentence of each problem; none for a good spec.
  private static List<String> problems(String spec) {
    List<String> found = new ArrayList<>();
    try {
      List<ParsedSpec> _ = SpecReader.read(spec, "default");
    } catch (DassieException e) {
      assertThat(e.fault()).isInstanceOf(Fault.InvalidDocument.class);
      for (Fault.InvalidDocument.Problem one : ((Fault.InvalidDocument) e.fault()).problems()) {
        found.add(one.message());
        assertThat(one.line()).isPositive();
      }
    }
    return found;
  }

  @Test
  void aBucketNeedsNoGlobAndTakesNoOtherThanTheWhole() {
    for (String glob : List.of("", ", glob: /", ", glob: '/'")) {
      assertThatCode(() ->
              SpecReader.read(
                  CODE + "input: {pfs: {repo: r, s3: true%s}}}".formatted(glob), "default"))
          .doesNotThrowAnyException();
    }
    assertThat(problems(CODE + "input: {pfs: {repo: r, s3: true, glob: '/*'}}}"))
        .containsExactly(
            "`input.pfs.glob` is `/*`, expected `/` or none beside `s3`: a bucket is not cut into datums.");
    assertThat(problems(CODE + "input: {pfs: {repo: r, s3: false}}}"))
        .containsExactly("`input.pfs.glob` is missing, expected which paths make a datum.");
  }

  @Test
  void whatShowsFilesHasNoPlaceBesideABucketAndAllOfItIsTold() {
    assertThat(
            problems(
                CODE
                    + "input: {pfs: {repo: r, s3: true, lazy: true, emptyFiles: true, outerJoin: true}}}"))
        .containsExactly(
            "`input.pfs.lazy` stands beside `s3`, expected none: a bucket is shown whole, as it is.",
            "`input.pfs.emptyFiles` stands beside `s3`, expected none: a bucket is shown whole, as it is.",
            "`input.pfs.outerJoin` stands beside `s3`, expected none: a bucket is shown whole, as it is.");
  }

  @Test
  void aBucketIsReadAloneOrInACross() {
    String bucket = "{pfs: {repo: b, s3: true}}";
    assertThat(
            problems(
                CODE + "input: {cross: [%s, {pfs: {repo: r, glob: '/*'}}]}}".formatted(bucket)))
        .isEmpty();
    assertThat(
            problems(
                CODE + "input: {union: [%s, {pfs: {repo: r, glob: '/*'}}]}}".formatted(bucket)))
        .containsExactly(
            "`input.union[0].pfs.s3` is in a union, expected at most a cross: every datum has the bucket whole.");
    assertThat(
            problems(
                CODE
                    + "input: {cross: [{join: [%s, {pfs: {repo: r, glob: '/(*)', joinOn: $1}}]}]}}"
                        .formatted(bucket)))
        .contains(
            "`input.cross[0].join[0].pfs.s3` is in a join, expected at most a cross: every datum has the bucket whole.");
  }

  @Test
  void anOutputBucketIsThatOfOneDatum() {
    String out = CODE + "s3Out: true, input: ";
    assertThat(problems(out + "{cross: [{pfs: {repo: a, glob: /}}, {pfs: {repo: b, s3: true}}]}}"))
        .isEmpty();
    assertThat(problems(out + "{cron: {name: t, spec: '@daily', overwrite: true}}}")).isEmpty();
    assertThat(problems(out + "{cron: {name: t, spec: '@daily'}}}"))
        .containsExactly(
            "`input.cron.overwrite` is `false`, expected `true` beside `s3Out`: each tick that stays is a datum.");
    assertThat(
            problems(
                out + "{union: [{pfs: {repo: a, glob: '/*'}}, {pfs: {repo: b, glob: '/x'}}]}}"))
        .containsExactly(
            "`input.union` stands beside `s3Out`, expected `cross`: the bucket `out` is the output of one datum.",
            "`input.union[0].pfs.glob` is `/*`, expected `/` beside `s3Out`: the bucket `out` is the output of one datum.",
            "`input.union[1].pfs.glob` is `/x`, expected `/` beside `s3Out`: the bucket `out` is the output of one datum.");
  }

  @Test
  void codeWithoutANetworkAndProcessesThatStayHaveNoBuckets() {
    assertThat(
            problems(
                "{pipeline: {name: p}, transform: {cmd: [x], network: none, datumBatching: true}, "
                    + "s3_out: true, input: {pfs: {repo: r, s3: true}}}"))
        .containsExactly(
            "`transform.network` is `none`, expected `host` beside `s3Out`: a bucket is reached over the network.",
            "`transform.datumBatching` stands beside `s3Out`, which has one datum.");
    assertThat(problems(CODE + "service: {internalPort: 80}, input: {pfs: {repo: r, s3: true}}}"))
        .containsExactly(
            "`input.pfs.s3` stands beside `service`, expected none: the key of a bucket is good for one job.");
    assertThat(problems(CODE + "spout: {}, s3Out: true}"))
        .containsExactly(
            "`s3Out` stands beside `spout`, expected none: the key of a bucket is good for one job.");
  }

  @Test
  void bucketsComeBackInTheNormalForm() {
    String spec =
        CODE
            + "s3Out: true, input: {cross: [{pfs: {repo: a, s3: true}}, {pfs: {repo: b, glob: /}}]}}";

    ParsedSpec read = SpecReader.read(spec, "default").getFirst();
    String normal = NormalForm.of(read.spec()).toString();

    assertThat(normal).contains("\"s3\":true", "\"s3Out\":true");
    assertThat(SpecReader.read(normal, "default").getFirst().spec()).isEqualTo(read.spec());
  }
}
