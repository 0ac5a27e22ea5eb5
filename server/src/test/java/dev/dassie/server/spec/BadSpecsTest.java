package dev.dassie.server.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

final class BadSpecsTest {
  /// A spec and all that is wrong with it, as `line:column message [hint]`.
  record Bad(String text, List<String> problems) {
    @Override
    public String toString() {
      return problems.getFirst();
    }
  }

  @ParameterizedTest
  @MethodSource("table")
  void aBadSpecIsRefusedWithAllItsProblems(Bad bad) {
    assertThat(problems(bad.text())).containsExactlyElementsOf(bad.problems());
  }

  static Stream<Bad> table() {
    return Stream.of(names(), types(), moreTypes(), code(), inputs(), others(), documents())
        .flatMap(List::stream);
  }

  private static List<Bad> names() {
    return List.of(
        bad(
            good("transfrom: {}"),
            "1:1 `transfrom` is not a field of a pipeline spec. [Did you mean `transform`?]"),
        bad(
            good("datum_trys: 1"),
            "1:1 `datum_trys` is not a field of a pipeline spec. [Did you mean `datum_tries`?]"),
        bad(
            good("cmd: [x]"),
            "1:1 `cmd` is not a field of a pipeline spec. [It belongs to `transform`.]"),
        bad(good("zebra: 1"), "1:1 `zebra` is not a field of a pipeline spec."),
        bad(
            good("parallelismSpec: {konstant: 1}"),
            "1:19 `konstant` is not a field of `parallelismSpec`. [Did you mean `constant`?]"),
        bad(
            good("datumTries: 1\ndatum_tries: 2"),
            "2:1 `datumTries` stands twice; the first is in line 1."),
        bad(
            "pipeline: {}\ntransform: {}\ninput: {}\n",
            "1:11 `pipeline.name` is missing. [Write `pipeline: {name: my-pipeline}`.]",
            "2:12 `transform.cmd` is missing, expected the program to run and its arguments. [Write `cmd: [python3, my.py]`.]",
            "3:8 `input` is empty, expected one of `pfs`, `cross`, `union`, `join`, `group` and `cron`."),
        bad(
            "description: x\n",
            "1:1 `pipeline.name` is missing. [Write `pipeline: {name: my-pipeline}`.]",
            "1:1 `transform` is missing, expected the code to run. [Write `transform: {cmd: [python3, my.py], source: ./dir}`.]",
            "1:1 `input` is missing, expected the data to read. [Write `input: {pfs: {repo: my-repo, glob: /*}}`.]"),
        bad(
            withName("a b"),
            "1:18 `pipeline.name` is `a b`, expected 1 to 63 letters, digits, `_` or `-`."),
        bad(
            withName("x".repeat(52)),
            "1:18 `pipeline.name` is `%s`, expected at most 51 characters."
                .formatted("x".repeat(52))),
        bad(
            withName("a".repeat(32)),
            "1:18 `pipeline.name` is `%s`, expected a name that is not a commit id (32 hex digits)."
                .formatted("a".repeat(32))),
        bad(
            good("outputBranch: a/b"),
            "1:15 `outputBranch` is `a/b`, expected 1 to 63 letters, digits, `_` or `-`."));
  }

  private static List<Bad> types() {
    return List.of(
        bad(good("datumTries: three"), "1:13 `datumTries` is `three`, expected a whole number."),
        bad(good("datumTries: 1.5"), "1:13 `datumTries` is `1.5`, expected a whole number."),
        bad(
            good("datumTries: -1"),
            "1:13 `datumTries` is `-1`, expected a whole number from 1 to 1,000,000."),
        bad(
            good("datumTries: 99999999999"),
            "1:13 `datumTries` is `99999999999`, expected a whole number."),
        bad(
            good("datumTimeout: 30"),
            "1:15 `datumTimeout` is `30`, expected a duration like `30s` or `1h5m`."),
        bad(
            good("jobTimeout: [1]"),
            "1:13 `jobTimeout` is a list, expected a duration like `30s` or `1h5m`."),
        bad(
            good("jobTimeout: 0s"),
            "1:13 `jobTimeout` is `0s`, expected a duration like `30s` or `1h5m`."),
        bad(
            good("description: 5"),
            "1:14 `description` is `5`, expected text. [Put it in quotes.]"),
        bad(good("description: {a: b}"), "1:14 `description` is a mapping, expected text."),
        bad(
            good("autoscaling: maybe"),
            "1:14 `autoscaling` is `maybe`, expected `true` or `false`."));
  }

  private static List<Bad> moreTypes() {
    return List.of(
        bad(good("metadata: x"), "1:11 `metadata` is `x`, expected a mapping."),
        bad(
            good("metadata: {labels: [x]}"),
            "1:20 `metadata.labels` is a list, expected a mapping of names to texts."),
        bad(
            good("metadata: {labels: {a: [x]}}"),
            "1:24 `metadata.labels.a` is a list, expected text."),
        bad(
            good("metadata: {labels: {a: 1, a: 2}}"),
            "1:27 `metadata.labels.a` stands twice; the first is in line 1."),
        bad(
            good("reprocessSpec: always"),
            "1:16 `reprocessSpec` is `always`, expected `until_success` or `every_job`."),
        bad(
            good("output: {merge: last}"),
            "1:17 `output.merge` is `last`, expected `error` or `concat`."),
        bad(
            good("tolerations: {}"),
            "1:14 `tolerations` is a mapping, expected a list of mappings."));
  }

  private static List<Bad> code() {
    return List.of(
        bad(
            code("{cmd: python3 x.py}"),
            "2:18 `transform.cmd` is `python3 x.py`, expected a list of texts. [Write it as `[python3, x.py]`.]"),
        bad(
            code("{cmd: []}"),
            "2:18 `transform.cmd` is missing, expected the program to run and its arguments. [Write `cmd: [python3, my.py]`.]"),
        bad(code("{cmd: ['']}"), "2:18 `transform.cmd[0]` is empty, expected the program to run."),
        bad(code("{cmd: [x, [y]]}"), "2:22 `transform.cmd[1]` is a list, expected text."),
        bad(
            code("{cmd: [x, \"a\\0b\"]}"),
            "2:18 `transform.cmd` holds a NUL character, expected text without it."),
        bad(
            code("{cmd: [x], acceptReturnCode: [1, a]}"),
            "2:45 `transform.acceptReturnCode[1]` is `a`, expected a whole number."),
        bad(
            code("{cmd: [x], acceptReturnCode: [256]}"),
            "2:41 `transform.acceptReturnCode` has `256`, expected exit codes from 0 to 255."),
        bad(
            code("{cmd: [x], env: {A=B: c}}"),
            "2:28 `transform.env` has the name `A=B`, expected one that is not empty, without `=` and NUL."),
        bad(
            code("{cmd: [x], network: lan}"),
            "2:32 `transform.network` is `lan`, expected `host` or `none`."),
        bad(code("x"), "2:12 `transform` is `x`, expected a mapping."));
  }

  private static List<Bad> inputs() {
    return List.of(
        bad(
            input("{pfs: {repo: r}}"),
            "3:14 `input.pfs.glob` is missing, expected which paths make a datum. [Write `glob: /*`; `/` is the whole repo.]"),
        bad(
            input("{pfs: {glob: /}}"),
            "3:14 `input.pfs.repo` is missing, expected the repo to read."),
        bad(
            input("{pfs: {repo: r, glob: ''}}"),
            "3:30 `input.pfs.glob` is empty, expected which paths make a datum. [Write `glob: /*`; `/` is the whole repo.]"),
        bad(
            input("{pfs: {repo: a.b, glob: /}}"),
            "3:21 `input.pfs.repo` is `a.b`, expected 1 to 63 letters, digits, `_` or `-`."),
        bad(
            input("{pfs: {repo: r, glob: /, branch: a/b}}"),
            "3:41 `input.pfs.branch` is `a/b`, expected 1 to 63 letters, digits, `_` or `-`."),
        bad(
            input("{pfs: {repo: r, glob: /, commit: abc}}"),
            "3:41 `input.pfs.commit` is `abc`, expected a full commit id (32 hex digits)."),
        bad(
            input("{pfs: {repo: r, glob: /, name: out}}"),
            "3:39 `input.pfs.name` is `out`, expected another name; that one has a meaning under `/pfs`."),
        bad(
            input("{pfs: {repo: out, glob: /}}"),
            "3:21 `input.pfs.name` is `out`, expected another name; that one has a meaning under `/pfs`."),
        bad(
            input("{pfs: {repo: r, glob: /, name: .env}}"),
            "3:39 `input.pfs.name` is `.env`, expected another name; that one has a meaning under `/pfs`."),
        bad(
            input("{pfs: {repo: r, glob: /, name: a/b}}"),
            "3:39 `input.pfs.name` is `a/b`, expected a name without `/`, `=` and NUL."),
        bad(
            input("{pfs: {repo: r, glob: /, repoType: meta}}"),
            "3:43 `input.pfs.repoType: meta` is not supported yet, expected `user`."),
        bad(
            input("{pfs: {repo: r, glob: /}, cross: []}"),
            "3:8 `input` has 2 kinds, expected exactly one of `pfs`, `cross`, `union`, `join`, `group` and `cron`. [To read several inputs, list them under `cross` or `union`.]"),
        bad(
            input("{join: [{pfs: {repo: r, glob: /*}}]}"),
            "3:22 `input.join[0].pfs.joinOn` is missing, expected the key of the join. [Write `joinOn: $1`, and parentheses in the glob for what `$1` stands for.]"),
        bad(
            input("{group: [{pfs: {repo: r, glob: /*, groupBy: $1}}]}"),
            "3:52 `input.group[0].pfs.groupBy` is `$1`, expected a glob with parentheses, and `$1` for what they capture."),
        bad(
            input("{pfs: {repo: r, glob: /(*), joinOn: $2}}"),
            "3:44 `input.pfs.joinOn` is `$2`, expected `$1`, what the parentheses of the glob capture, in it."),
        bad(input("{cross: []}"), "3:16 `input.cross` is empty, expected at least one input."),
        bad(input("{cross: {}}"), "3:16 `input.cross` is a mapping, expected a list of mappings."),
        bad(
            input("{cross: [{pfs: {repo: r, glob: /}}, {pfs: {repo: r, glob: /*}}]}"),
            "3:44 `input.cross[1]` has the name `r`, which another input of the cross has already. [Give one of them another `name`.]"),
        bad(
            input("{cross: [{pfs: {repo: r, glob: /}}, {pfss: {}}]}"),
            "3:45 `pfss` is not a field of `input.cross[1]`. [Did you mean `pfs`?]"),
        bad(
            input("{union: [{pfs: {repo: r}}, {pfs: {glob: /}}]}"),
            "3:23 `input.union[0].pfs.glob` is missing, expected which paths make a datum. [Write `glob: /*`; `/` is the whole repo.]",
            "3:41 `input.union[1].pfs.repo` is missing, expected the repo to read."));
  }

  private static List<Bad> others() {
    return List.of(
        bad(
            code(
                "{cmd: [x], user: root, secrets: [{name: a}, {name: b/c, envVar: X}, {name: a, mountPath: /pfs/x}]}"),
            "2:45 `transform.secrets[0]` says neither `mountPath` nor `envVar`, expected one of them.",
            "2:56 `transform.secrets[1].key` is missing, expected the key whose value `X` holds.",
            "2:63 `transform.secrets[1].name` is `b/c`, expected 1 to 253 letters, digits, `-`, `_`"
                + " or `.`, with a letter or digit at both ends.",
            "2:101 `transform.secrets[2].mountPath` is `/pfs/x`, expected an absolute path outside"
                + " `/pfs`, `/source`, `/proc`, `/sys`, `/dev`, `/tmp` and `/home/dassie`."),
        bad(
            good("service: {}"),
            "1:10 `service.internalPort` is missing, expected the port that the program listens on."),
        bad(
            good("reprocess: true"),
            "1:1 `reprocess` is not taken from a spec. [Use the flag `--reprocess`.]"));
  }

  private static List<Bad> documents() {
    return List.of(
        bad("", "1:1 The file holds no pipeline spec."),
        bad("# nothing\n---\n", "1:1 The file holds no pipeline spec."),
        bad("[]", "1:1 The file holds no pipeline spec."),
        bad("edges", "1:1 The spec is `edges`, expected a mapping."),
        bad("a: b: c", "1:5 This is not YAML: mapping values are not allowed here."),
        bad("a: 'x", "1:6 This is not YAML: found unexpected end of stream."),
        bad("a: *x", "1:4 No anchor before it is named `x`."),
        bad("a: &a [*a]", "1:8 No anchor before it is named `a`."),
        bad("? [a]\n: b", "1:3 The name of a field must be plain text."),
        bad("<<: {a: 1}", "1:1 Merge keys (`<<`) are not part of YAML 1.2."),
        bad(
            "a: " + "[".repeat(100) + "]".repeat(100),
            "1:68 Lists and mappings nest deeper than 64 levels."));
  }

  @Test
  void brokenJsonIsRefusedWithItsPlace() {
    assertThat(problems("{\n  \"pipeline\": {\"name\": \"a\"},\n  \"transform\" {}\n}"))
        .singleElement()
        .asString()
        .startsWith("3:")
        .contains("This is not JSON: ");
  }

  @Test
  void deepJsonIsRefused() {
    assertThat(problems("[".repeat(100_000))).hasSize(1);
    assertThat(problems("{\"a\":".repeat(100_000))).hasSize(1);
  }

  @Test
  void aBombOfAliasesIsRefused() {
    StringBuilder bomb = new StringBuilder("a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n");
    for (int i = 1; i < 30; i++) {
      bomb.append("a%d: &a%d [".formatted(i, i));
      bomb.append("*a%d, ".formatted(i - 1).repeat(9)).append("*a%d]\n".formatted(i - 1));
    }

    assertThat(problems(bomb.toString()))
        .singleElement()
        .asString()
        .endsWith("The file has more than 200,000 values.");
  }

  @Test
  void aFileOverFourMebibytesIsRefused() {
    assertThat(problems("#".repeat((4 << 20) + 1)))
        .containsExactly("0:0 The file has more than 4 MiB.");
  }

  @Test
  void noMoreThanTwoHundredProblemsAreTold() {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 50_000; i++) {
      text.append("transformation_%d_and_more: 1\n".formatted(i));
    }

    assertThat(problems(text.toString())).hasSize(200);
  }

  @Test
  void twoSpecsOfOnePipelineAreRefused() {
    String text = withName("a");

    assertThat(problems(text + "---\n" + text))
        .containsExactly("0:0 The file holds two specs of the pipeline `a`.");
  }

  @Test
  void theProblemsOfAllDocumentsComeTogether() {
    assertThat(problems(withName("a") + "zebra: 1\n---\n" + withName("b") + "lion: 1\n"))
        .containsExactly(
            "4:1 `zebra` is not a field of a pipeline spec.",
            "9:1 `lion` is not a field of a pipeline spec.");
  }

  @Test
  void jsonCountsLinesAndColumnsTheSameWay() {
    String json =
        """
        {
          "pipeline": {"name": "a"},
          "transform": {"cmd": "ls"},
          "input": {"pfs": {"repo": "r"}},
          "datumTrys": 1
        }
        """;

    assertThat(problems(json))
        .containsExactly(
            "3:24 `transform.cmd` is `ls`, expected a list of texts. [Write it as `[ls]`.]",
            "4:20 `input.pfs.glob` is missing, expected which paths make a datum. [Write `glob: /*`; `/` is the whole repo.]",
            "5:3 `datumTrys` is not a field of a pipeline spec. [Did you mean `datumTries`?]");
  }

  @Test
  void aBadGlobIsRefusedAtItsPlace() {
    assertThat(problems(input("{pfs: {repo: r, glob: '/[a'}}")))
        .singleElement()
        .asString()
        .startsWith("3:30 `input.pfs.glob` is `/[a`, expected ");
  }

  static Bad bad(String text, String... problems) {
    return new Bad(text, List.of(problems));
  }

  /// A good spec behind `first`.
  static String good(String first) {
    return first + "\n" + withName("p");
  }

  private static String withName(String name) {
    return "pipeline: {name: %s}\ntransform: {cmd: [x]}\ninput: {pfs: {repo: r, glob: /*}}\n"
        .formatted(name);
  }

  /// The transform is in line 2 and begins in column 12.
  private static String code(String transform) {
    return withName("p").replace("{cmd: [x]}", transform);
  }

  /// The input is in line 3 and begins in column 8.
  static String input(String input) {
    return withName("p").replace("{pfs: {repo: r, glob: /*}}", input);
  }

  static List<String> problems(String text) {
    DassieException refusal =
        catchThrowableOfType(DassieException.class, () -> SpecReader.read(text, "default"));
    assertThat(refusal).isNotNull();
    Fault.InvalidDocument fault = (Fault.InvalidDocument) refusal.fault();
    return fault.problems().stream()
        .map(problem ->
            "%d:%d %s%s"
                .formatted(
                    problem.line(),
                    problem.column(),
                    problem.message(),
                    problem.hint().map(" [%s]"::formatted).orElse("")))
        .toList();
  }
}
