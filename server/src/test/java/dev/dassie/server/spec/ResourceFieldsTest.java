package dev.dassie.server.spec;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.pipeline.Resources;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// `resourceLimits` and `resourceRequests`, in the amounts of Kubernetes.
class ResourceFieldsTest {
  private static ParsedSpec spec(String more) {
    return SpecReader.read(
            """
            pipeline: {name: a}
            transform: {cmd: [x]}
            input: {pfs: {repo: r, glob: /}}
            %s
            """
                .formatted(more),
            "default")
        .getFirst();
  }

  @Test
  void limitsAreRead() {
    ParsedSpec spec = spec("resourceLimits: {cpu: 1.5, memory: 512Mi, disk: 10G}");

    assertThat(spec.spec().resources()).isEqualTo(new Resources(512L << 20, 1500, 10_000_000_000L));
    assertThat(spec.notes()).isEmpty();
    assertThat(NormalForm.of(spec.spec()).path("resourceLimits").toString())
        .isEqualTo("{\"cpu\":\"1500m\",\"memory\":\"536870912\",\"disk\":\"10000000000\"}");
  }

  @ParameterizedTest
  @CsvSource({
    "64M, 64000000",
    "1Gi, 1073741824",
    "1e9, 1000000000",
    "'1.5E3', 1500",
    "128974848, 128974848",
    "129e6, 129000000",
    "1500m, 2",
    "123Ki, 125952",
    "0.5Gi, 536870912",
    "1E, 1000000000000000000",
    "0, 0"
  })
  void amountsAreThoseOfKubernetes(String text, long bytes) {
    assertThat(spec("resourceLimits: {memory: \"%s\"}".formatted(text)).spec().resources())
        .isEqualTo(new Resources(bytes, 0, 0));
  }

  @ParameterizedTest
  @CsvSource({"100m, 100", "2, 2000", "0.1, 100", "1, 1000", "'.5', 500", "1n, 1"})
  void partsOfACpuAreThousandths(String text, int thousandths) {
    assertThat(spec("resourceLimits: {cpu: \"%s\"}".formatted(text)).spec().resources())
        .isEqualTo(new Resources(0, thousandths, 0));
  }

  @ParameterizedTest
  @CsvSource({"64MB", "1 Gi", "-1", "1gi", "much", "1e999", "0x10", "1.2.3", "99Ei", "' 1'", "Gi"})
  void whatIsNoAmountIsRefusedWithItsPlace(String text) {
    assertThatThrownBy(() -> spec("resourceLimits: {memory: \"%s\"}".formatted(text)))
        .hasMessageContaining("line 4, column 26: `resourceLimits.memory` is `" + text + "`");
  }

  @Test
  void allThatIsWrongIsToldAtOnce() {
    assertThatThrownBy(() ->
            spec(
                """
                resourceLimits: {cpu: lots, memory: 512m, ram: 1Gi}
                resourceRequests: {cpu: 4x, memory: 1Gi, disk: 2}
                """))
        .hasMessage(
            """
            The spec has 4 problems:
              line 4, column 23: `resourceLimits.cpu` is `lots`, expected CPUs like `1.5` or `500m`.
              line 4, column 37: `resourceLimits.memory` is `512m`, which is less than one byte. `m` is a thousandth; write `Mi` for MiB or `M` for megabytes.
              line 4, column 43: `ram` is not a field of `resourceLimits`.
              line 5, column 25: `resourceRequests.cpu` is `4x`, expected CPUs like `1.5` or `500m`.\
            """);
  }

  @Test
  void moreThanMayBeIsNotAskedFor() {
    assertThatThrownBy(
            () -> spec("resourceLimits: {memory: 1Gi}\nresourceRequests: {memory: 2Gi, cpu: 1}"))
        .hasMessageContaining(
            "line 5, column 28: `resourceRequests.memory` is `2Gi`, expected at most"
                + " `resourceLimits.memory`.");
  }

  @Test
  void whatOtherExecutorsUseIsKeptAndSaid() {
    ParsedSpec spec =
        spec(
            """
            resourceLimits: {cpu: 1, gpu: {type: nvidia.com/gpu, number: 1}}
            resourceRequests: {cpu: 0.5, memory: 64M, gpu: {type: nvidia.com/gpu, number: 1}}
            sidecarResourceLimits: {cpu: 1}
            """);

    assertThat(spec.spec().unused())
        .containsExactly("resourceLimits.gpu", "resourceRequests", "sidecarResourceLimits");
  }
}
