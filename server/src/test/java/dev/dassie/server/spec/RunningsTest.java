package dev.dassie.server.spec;

import static dev.dassie.server.spec.BadSpecsTest.bad;
import static dev.dassie.server.spec.BadSpecsTest.good;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.Running;
import java.util.Optional;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Spouts, services and sets of datums in specs.
final class RunningsTest {
  @ParameterizedTest
  @MethodSource("table")
  void whatDoesNotGoTogetherIsRefusedWithAllItsProblems(BadSpecsTest.Bad bad) {
    assertThat(BadSpecsTest.problems(bad.text())).containsExactlyElementsOf(bad.problems());
  }

  @Test
  void aSpoutReadsBackFromItsNormalForm() {
    PipelineSpec spec = read(spout("spout: {}"));

    assertThat(spec.running()).isEqualTo(new Running.Spout(Optional.empty()));
    assertThat(spec.input().isNone()).isTrue();
    PipelineSpec again = read(NormalForm.of(spec).toString());
    assertThat(again.running()).isEqualTo(spec.running());
  }

  @Test
  void aServiceReadsBackFromItsNormalForm() {
    PipelineSpec spec =
        read(good("service: {internal_port: 8000, external_port: 31800, type: NodePort, ip: x}"));

    assertThat(spec.running()).isEqualTo(new Running.Service(8000, 31800));
    assertThat(spec.unused()).containsExactly("service.ip", "service.type");
    assertThat(read(NormalForm.of(spec).toString()).running()).isEqualTo(spec.running());
    assertThat(read(spout("spout: {service: {internalPort: 80}}")).running())
        .isEqualTo(new Running.Spout(Optional.of(new Running.Service(80, 0))));
  }

  @Test
  void whatSaysNothingToASpoutIsReported() {
    PipelineSpec spec = read(spout("spout: {}\ndatumTries: 2\njobTimeout: 5s"));

    assertThat(spec.unused()).containsExactly("datumTries", "jobTimeout");
  }

  @Test
  void setsOfDatumsReadBackFromTheirNormalForm() {
    PipelineSpec spec = read(good("datumSetSpec: {sizeBytes: 5000000000}"));

    assertThat(spec.running())
        .isEqualTo(
            new Running.OnDatums(
                false, Optional.of(new Running.DatumSets.OfBytes(5_000_000_000L))));
    assertThat(read(NormalForm.of(spec).toString()).running()).isEqualTo(spec.running());
  }

  private static PipelineSpec read(String text) {
    return SpecReader.read(text, "default").getFirst().spec();
  }

  static Stream<BadSpecsTest.Bad> table() {
    return Stream.of(
        bad(
            good("spout: {}"),
            "4:8 `input` stands beside `spout`, expected none: a spout has no input."),
        bad(
            spout("spout: {service: {externalPort: 80}}"),
            "1:18 `spout.service.internalPort` is missing, expected the port that the program"
                + " listens on."),
        bad(
            spout("spout: {}\negress: {URL: file:///tmp/out}"),
            "2:9 `egress` stands beside `spout`, expected none: it runs after each job, and a spout"
                + " has none. [Give the egress to a pipeline that reads what this one commits.]"),
        bad(
            good("service: {internalPort: 80, externalPort: 80}"),
            "1:43 `service.externalPort` is `80`, expected another than `internalPort`: both are of"
                + " this machine."),
        bad(
            good("service: {internalPort: 70000}"),
            "1:25 `service.internalPort` is `70000`, expected a port from 1 to 65535."),
        bad(
            good("service: {internalPort: 80}").replace("{cmd: [x]}", "{cmd: [x], network: none}"),
            "3:32 `transform.network` is `none`, expected `host`: a service is reached over the"
                + " network."),
        bad(
            spout("spout: {}\nautoscaling: true\nparallelismSpec: {constant: 2}"),
            "2:14 `autoscaling` stands beside `spout`, expected none: a spout runs all the time.",
            "3:29 `parallelismSpec.constant` is `2`, expected 1: a spout is one process."),
        bad(
            spout("spout: {}").replace("{cmd: [x]}", "{cmd: [x], network: none}"),
            "3:32 `transform.network` is `none`, expected `host`: a spout commits over the network."),
        bad(
            good("datumSetSpec: {number: x, perWorker: 2}"),
            "1:24 `datumSetSpec.number` is `x`, expected a whole number from 1."),
        bad(
            good("datumSetSpec: {number: 2, perWorker: 2}"),
            "1:15 `datumSetSpec` has 2 rules, expected one of `number`, `sizeBytes` and `perWorker`."));
  }

  /// A spec without an input.
  private static String spout(String first) {
    return first + "\npipeline: {name: p}\ntransform: {cmd: [x]}\n";
  }
}
