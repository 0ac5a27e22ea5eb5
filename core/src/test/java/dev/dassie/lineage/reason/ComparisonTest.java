package dev.dassie.lineage.reason;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Hash;
import dev.dassie.job.Lab;
import dev.dassie.lineage.reason.Difference.Kind;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Transform;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/// Every part of a datum key that changes alone is named alone.
class ComparisonTest {
  private static final PipelineSpec SPEC = Lab.spec("edges", "copy", Lab.files("in", "/*"));
  private static final Transform CODE = SPEC.transform();
  private static final List<String> FACTS = List.of("process linux x86_64", "/bin/sh 1111");

  private final Comparison comparison =
      new Comparison(digest -> {
        throw new IllegalStateException("no tree is read");
      });

  private static Computation of(PipelineSpec spec, String source, List<String> facts) {
    return new Computation(
        spec,
        new CommitName(
            new RepoName("default", "edges", RepoName.Type.SPEC), new CommitId("a".repeat(32))),
        Optional.empty(),
        Optional.of(
            new Hash(Hash.Algorithm.DIRECTORY, Digest.of(source.getBytes(StandardCharsets.UTF_8)))),
        Optional.of(facts));
  }

  private static PipelineSpec with(Transform transform, Input input, String salt) {
    return new PipelineSpec(
        SPEC.project(),
        SPEC.name(),
        "",
        Map.of(),
        Map.of(),
        transform,
        input,
        "master",
        2,
        1,
        Optional.empty(),
        Optional.empty(),
        false,
        false,
        salt,
        List.of());
  }

  private static Computation with(Transform transform) {
    return of(with(transform, SPEC.input(), ""), "x", FACTS);
  }

  private static Transform code(
      List<String> cmd,
      List<String> stdin,
      Map<String, String> env,
      Optional<String> folder,
      List<Integer> codes,
      Transform.Network network) {
    return new Transform(
        cmd,
        stdin,
        env,
        CODE.source(),
        folder,
        codes,
        List.of(),
        List.of(),
        network,
        Optional.empty());
  }

  private static Map<Kind, Computation> mutations() {
    List<String> cmd = CODE.cmd();
    Map<String, String> env = CODE.env();
    Transform.Network host = Transform.Network.HOST;
    Map<Kind, Computation> all = new LinkedHashMap<>();
    all.put(Kind.CODE, of(SPEC, "y", FACTS));
    all.put(
        Kind.COMMAND,
        with(code(List.of("copy", "-v"), List.of(), env, Optional.empty(), List.of(), host)));
    all.put(Kind.STDIN, with(code(cmd, List.of("a"), env, Optional.empty(), List.of(), host)));
    all.put(
        Kind.PARAMETER,
        with(code(cmd, List.of(), Map.of("LEVEL", "4"), Optional.empty(), List.of(), host)));
    all.put(
        Kind.WORKING_DIR, with(code(cmd, List.of(), env, Optional.of("/tmp"), List.of(), host)));
    all.put(Kind.RETURN_CODES, with(code(cmd, List.of(), env, Optional.empty(), List.of(3), host)));
    all.put(
        Kind.NETWORK,
        with(code(cmd, List.of(), env, Optional.empty(), List.of(), Transform.Network.NONE)));
    all.put(Kind.SALT, of(with(CODE, SPEC.input(), "again"), "x", FACTS));
    all.put(Kind.ENVIRONMENT, of(SPEC, "x", List.of("process linux x86_64", "/bin/sh 2222")));
    all.put(Kind.DATUMS, of(with(CODE, Lab.files("in", "/*/"), ""), "x", FACTS));
    return all;
  }

  @TestFactory
  Stream<DynamicTest> onePartThatChangedIsTheOneThatIsNamed() {
    Computation before = of(SPEC, "x", FACTS);
    return mutations().entrySet().stream()
        .map(one ->
            DynamicTest.dynamicTest(
                one.getKey().word(),
                () ->
                    assertThat(comparison.computations(before, one.getValue()))
                        .extracting(Difference::kind)
                        .containsExactly(one.getKey())));
  }

  @Test
  void equalComputationsHaveNoDifference() {
    assertThat(comparison.computations(of(SPEC, "x", FACTS), of(SPEC, "x", FACTS))).isEmpty();
  }

  @Test
  void valuesAreSaidAsTheyWereAndAre() {
    Computation before = of(SPEC, "x", FACTS);

    Difference level = comparison.computations(before, mutations().get(Kind.PARAMETER)).getFirst();
    Difference shell =
        comparison.computations(before, mutations().get(Kind.ENVIRONMENT)).getFirst();
    Difference folder =
        comparison.computations(mutations().get(Kind.WORKING_DIR), before).getFirst();

    assertThat(level.sentence()).isEqualTo("The variable `LEVEL` was `3`, is `4`.");
    assertThat(shell.sentence()).isEqualTo("The environment: `/bin/sh` was `1111`, is `2222`.");
    assertThat(folder.sentence()).isEqualTo("`workingDir` was `/tmp`, and is not set any more.");
  }
}
