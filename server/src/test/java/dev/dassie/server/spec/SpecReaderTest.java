package dev.dassie.server.spec;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.pipeline.Cron;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Transform;
import dev.dassie.version.BranchName;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Trigger;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SpecReaderTest {
  static final String EDGES_JSON =
      """
      {
      \t"pipeline": {"name": "edges"},
      \t"description": "Edge detection \\ud83d\\ude00 a\\/b",
      \t"transform": {
      \t\t"cmd": ["python3", "/edges.py"],
      \t\t"image": "pachyderm/opencv:1.0"
      \t},
      \t"input": {"pfs": {"repo": "images", "glob": "/*"}}
      }
      """;

  static final String EVERYTHING =
      """
      # kept with the spec
      pipeline: {name: edges, project: vision}
      description: finds edges
      metadata:
        labels: {team: ann}
        annotations: {note: x}
      transform:
        cmd: [python3, edges.py, 1.50, true]
        stdin: [one, two]
        env: {DEBUG: 1, EMPTY: , QUIET: "no"}
        image: python:3
        source: ./edges
        workingDir: /work
        acceptReturnCode: [3, "4"]
        errCmd: ["true"]
        errStdin: [x]
        network: none
      input:
        cross:
        - pfs: {repo: images, glob: /*.png, name: pics, emptyFiles: true, project: other}
        - union:
          - pfs: {repo: red, branch: dev, glob: /}
          - pfs: {repo: red, glob: "/*/", repoType: user, propagationSpec: {never: false}}
      outputBranch: main
      output: {merge: concat}
      parallelismSpec: {constant: "4"}
      datumTries: 2
      datumTimeout: 1m30s
      jobTimeout: 1h5m
      reprocessSpec: every_job
      salt: mine
      resourceRequests: {memory: 1G, gpu: {type: nvidia.com/gpu, number: 1}}
      """;

  @Test
  void anOldJsonSpecIsReadUnchanged() {
    ParsedSpec parsed = one(EDGES_JSON);
    PipelineSpec spec = parsed.spec();

    assertThat(spec.name()).isEqualTo("edges");
    assertThat(spec.project()).isEqualTo("default");
    assertThat(spec.description()).isEqualTo("Edge detection 😀 a/b");
    assertThat(spec.transform().cmd()).containsExactly("python3", "/edges.py");
    assertThat(spec.input()).isEqualTo(files("images", "images", "master", "/*"));
    assertThat(spec.datumTries()).isEqualTo(3);
    assertThat(spec.parallelism()).isEqualTo(1);
    assertThat(spec.outputBranch()).isEqualTo("master");
    assertThat(spec.salt()).isEmpty();
    assertThat(spec.unused()).containsExactly("transform.image");
    assertThat(parsed.notes())
        .containsExactly("`transform.image` is kept, and not used by executor `process`.");
    assertThat(parsed.text()).isEqualTo(EDGES_JSON);
  }

  @Test
  void everyFieldThatIsBuiltArrives() {
    PipelineSpec spec = one(EVERYTHING).spec();

    Transform transform = spec.transform();
    assertThat(spec.project()).isEqualTo("vision");
    assertThat(spec.labels()).containsEntry("team", "ann").hasSize(1);
    assertThat(spec.annotations()).containsEntry("note", "x").hasSize(1);
    assertThat(transform.cmd()).containsExactly("python3", "edges.py", "1.50", "true");
    assertThat(transform.stdin()).containsExactly("one", "two");
    assertThat(transform.env())
        .containsEntry("DEBUG", "1")
        .containsEntry("EMPTY", "")
        .containsEntry("QUIET", "no");
    assertThat(transform.source()).contains("./edges");
    assertThat(transform.workingDir()).contains("/work");
    assertThat(transform.acceptReturnCode()).containsExactly(3, 4);
    assertThat(transform.errCmd()).containsExactly("true");
    assertThat(transform.errStdin()).containsExactly("x");
    assertThat(transform.network()).isEqualTo(Transform.Network.NONE);
    assertThat(transform.image()).contains("python:3");
    assertThat(spec.outputBranch()).isEqualTo("main");
    assertThat(spec.concat()).isTrue();
    assertThat(spec.parallelism()).isEqualTo(4);
    assertThat(spec.datumTries()).isEqualTo(2);
    assertThat(spec.datumTimeout()).contains(Duration.ofSeconds(90));
    assertThat(spec.jobTimeout()).contains(Duration.ofMinutes(65));
    assertThat(spec.everyJob()).isTrue();
    assertThat(spec.salt()).isEqualTo("mine");
    assertThat(spec.unused()).containsExactly("resourceRequests", "transform.image");
  }

  @Test
  void anInputWhoseChangesStartNothingIsQuietAndReadsBack() {
    ParsedSpec spec =
        one(minimal("input: {pfs: {repo: r, glob: /, propagation_spec: {never: true}}}"));

    assertThat(spec.spec().input().quiet())
        .containsExactly(new BranchName(new RepoName("default", "r"), "master"));
    assertThat(one(NormalForm.of(spec.spec()).toString()).spec().input())
        .isEqualTo(spec.spec().input());
  }

  @Test
  void aCronInputIsFilesOfARepoOfThePipelineAndReadsBack() {
    ParsedSpec spec =
        one(
            minimal(
                "input: {cross: [{pfs: {repo: r, glob: /}}, {cron: {name: tick, spec: '@every 10s'}}, {cron: {name: tock, spec: '0 3 * * 1', start: '2026-11-21T10:00:00+01:00', overwrite: true, repo: clock, project: other}}]}"));

    List<Input.Files> arms = spec.spec().input().arms();
    assertThat(arms.get(1).branch())
        .isEqualTo(new BranchName(new RepoName("default", "p_tick"), "master"));
    assertThat(arms.get(1).glob()).isEqualTo("/*");
    assertThat(arms.get(1).starts().cron())
        .contains(new Cron(Schedule.parse("@every 10s"), Optional.empty(), false));
    assertThat(arms.get(2).branch())
        .isEqualTo(new BranchName(new RepoName("other", "clock"), "master"));
    assertThat(arms.get(2).starts().cron())
        .contains(
            new Cron(
                Schedule.parse("0 3 * * 1"),
                Optional.of(Instant.parse("2026-11-21T09:00:00Z")),
                true));
    assertThat(one(NormalForm.of(spec.spec()).toString()).spec().input())
        .isEqualTo(spec.spec().input());
  }

  @Test
  void anInputWithATriggerReadsABranchThatFollowsAndReadsBack() {
    ParsedSpec spec =
        one(
            minimal(
                "input: {cross: [{pfs: {repo: r, name: a, glob: /, trigger: {size: 1MB, commits: 3, all: true}}}, {pfs: {repo: r, name: b, glob: /, trigger: {branch: staging, rate_limit_spec: '@hourly'}}}, {pfs: {repo: r, name: c, branch: daily, glob: /, trigger: {cronSpec: '@daily'}}}]}"));

    List<Input.Files> arms = spec.spec().input().arms();
    assertThat(arms)
        .extracting(arm -> arm.branch().branch())
        .containsExactly("p-trigger-1", "p-trigger-2", "daily");
    assertThat(arms.getFirst().starts().trigger())
        .contains(
            new Trigger(
                "master",
                Optional.of(1_000_000L),
                Optional.of(3L),
                Optional.empty(),
                Optional.empty(),
                true));
    assertThat(arms.get(1).starts().trigger().map(Trigger::branch)).contains("staging");
    assertThat(arms.get(2).starts().trigger().flatMap(Trigger::cron))
        .contains(Schedule.parse("@daily"));
    assertThat(one(NormalForm.of(spec.spec()).toString()).spec().input())
        .isEqualTo(spec.spec().input());
  }

  @Test
  void inputsNestAndKeepTheirDefaults() {
    Input input = one(EVERYTHING).spec().input();

    BranchName pics = new BranchName(new RepoName("other", "images"), "master");
    assertThat(input)
        .isEqualTo(
            new Input.Cross(
                List.of(
                    new Input.Files("pics", pics, "/*.png", true),
                    new Input.Union(
                        List.of(
                            in("vision", files("red", "red", "dev", "/")),
                            in("vision", files("red", "red", "master", "/*/")))))));
  }

  @Test
  void snakeCaseIsCamelCase() {
    PipelineSpec spec =
        one("""
        pipeline: {name: a}
        transform: {cmd: [x], accept_return_code: [1], err_cmd: [y], working_dir: /w}
        input: {pfs: {repo: r, glob: /*, empty_files: true, repo_type: user}}
        parallelism_spec: {constant: 2}
        datum_tries: "5"
        output_branch: b
        resource_limits: {cpu: 1}
        """)
            .spec();

    assertThat(spec.transform().acceptReturnCode()).containsExactly(1);
    assertThat(spec.transform().errCmd()).containsExactly("y");
    assertThat(spec.parallelism()).isEqualTo(2);
    assertThat(spec.datumTries()).isEqualTo(5);
    assertThat(spec.outputBranch()).isEqualTo("b");
    assertThat(spec.resources().cpus()).isEqualTo(1);
    assertThat(spec.unused()).isEmpty();
  }

  @Test
  void whoCodeRunsAsIsANameOrANumber() {
    String spec =
        """
        pipeline: {name: a}
        transform: {cmd: [x], user: %s}
        input: {pfs: {repo: r, glob: /*}}
        """;

    assertThat(one(spec.formatted("1000")).spec().transform().user()).contains("1000");
    assertThat(one(spec.formatted("ann:users")).spec().transform().user()).contains("ann:users");
    assertThat(one(spec.formatted("\"\"")).spec().transform().user()).isEmpty();
  }

  @Test
  void valuesThatSayNothingAreAcceptedWhereAFieldIsNotBuilt() {
    PipelineSpec spec =
        one("""
        pipeline: {name: a}
        transform: {cmd: [x], user: "", datumBatching: false, secrets: [], debug: false}
        input: {pfs: {repo: r, glob: /*, lazy: false, s3: false, joinOn: "", commit: "", trigger: null}}
        s3Out: false
        autoscaling: false
        egress: null
        datumTries: 0
        """)
            .spec();

    assertThat(spec.unused()).isEmpty();
    assertThat(spec.datumTries()).isEqualTo(3);
  }

  @Test
  void aPinnedCommitIsReadInsteadOfABranch() {
    String id = "0123456789abcdef0123456789abcdef";
    PipelineSpec spec =
        one(minimal("input: {pfs: {repo: r, glob: /*, commit: %s}}".formatted(id))).spec();

    assertThat(spec.input().branches()).singleElement().matches(BranchName::isPinned);
  }

  @Test
  void aFileMayHoldSeveralSpecs() {
    String a = minimal("input: {pfs: {repo: r, glob: /*}}");
    String b = a.replace("name: p", "name: q");

    List<ParsedSpec> documents = SpecReader.read(a + "---\n" + b, "default");
    List<ParsedSpec> stream =
        SpecReader.read(EDGES_JSON + EDGES_JSON.replace("edges", "montage"), "default");
    List<ParsedSpec> list =
        SpecReader.read("[" + EDGES_JSON + "," + EDGES_JSON.replace("edges", "m") + "]", "default");

    assertThat(documents).extracting(one -> one.spec().name()).containsExactly("p", "q");
    assertThat(stream).extracting(one -> one.spec().name()).containsExactly("edges", "montage");
    assertThat(list).extracting(one -> one.spec().name()).containsExactly("edges", "m");
  }

  @Test
  void eachOfSeveralKeepsItsOwnTextAndThatReadsTheSame() {
    String yaml = minimal("input: {pfs: {repo: r, glob: /*}}");
    String dashed =
        "- "
            + yaml.strip().replace("\n", "\n  ")
            + "\n- "
            + yaml.strip().replace("name: p", "name: q 😀".substring(0, 7)).replace("\n", "\n  ");
    List<String> files =
        List.of(
            "# 😀\n" + yaml + "---\n" + yaml.replace("name: p", "name: q"),
            dashed,
            "[" + EDGES_JSON + ",\n  " + EDGES_JSON.replace("edges", "m") + "]");
    for (String file : files) {
      for (ParsedSpec each : SpecReader.read(file, "default")) {
        assertThat(each.text()).isNotEqualTo(file);
        assertThat(one(each.text()).spec()).isEqualTo(each.spec());
      }
    }
  }

  @Test
  void aliasesShowWhatTheyName() {
    PipelineSpec spec =
        one("""
        pipeline: {name: p}
        transform: {cmd: &c [x, y], errCmd: *c}
        input: {pfs: {repo: r, glob: /*}}
        """)
            .spec();

    assertThat(spec.transform().errCmd()).containsExactly("x", "y");
  }

  @Test
  void theSmallestSpecHasFiveLines() {
    String text =
        """
        pipeline: {name: edges}
        transform:
          source: ./edges
          cmd: [python3, edges.py]
        input: {pfs: {repo: images, glob: /*}}
        """;

    assertThat(one(text).spec().transform().source()).contains("./edges");
  }

  @Test
  void theNormalFormReadsBackAsTheSameSpec() {
    for (String text : List.of(EDGES_JSON, EVERYTHING)) {
      PipelineSpec spec = one(text).spec();

      PipelineSpec again = one(NormalForm.of(spec).toString()).spec();

      assertThat(NormalForm.of(again)).isEqualTo(NormalForm.of(spec));
      assertThat(again.transform()).isEqualTo(spec.transform());
      assertThat(again.input()).isEqualTo(spec.input());
      assertThat(again.datumTimeout()).isEqualTo(spec.datumTimeout());
    }
  }

  static ParsedSpec one(String text) {
    List<ParsedSpec> specs = SpecReader.read(text, "default");
    assertThat(specs).hasSize(1);
    return specs.getFirst();
  }

  /// A spec in four lines whose last is given.
  static String minimal(String last) {
    return "pipeline: {name: p}\ntransform: {cmd: [x]}\n" + last + "\n";
  }

  private static Input.Files files(String name, String repo, String branch, String glob) {
    return new Input.Files(
        name, new BranchName(new RepoName("default", repo), branch), glob, false);
  }

  private static Input.Files in(String project, Input.Files files) {
    RepoName repo = new RepoName(project, files.branch().repo().name());
    return new Input.Files(
        files.name(), new BranchName(repo, files.branch().branch()), files.glob(), false);
  }
}
