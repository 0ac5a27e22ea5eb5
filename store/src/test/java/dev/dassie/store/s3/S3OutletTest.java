package dev.dassie.store.s3;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.store.OutputFiles;
import dev.dassie.store.backend.S3Server;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;

class S3OutletTest {
  private static final Optional<String> NAMED = Optional.of("keys");
  private static final S3Limits LIMITS = S3Limits.defaults().atStart();

  @TempDir Path folder;
  private final S3Server server = S3Server.shared();
  private final S3Outlet outlet = new S3Outlet(List.of(), LIMITS, Path.of("/tmp"));

  private String url() {
    return "s3://%s/day?endpoint=http://127.0.0.1:%d".formatted(server.newBucket(), server.port());
  }

  private static Optional<SecretValues> keys(String secret) {
    return Optional.of(
        new SecretValues(
            Map.of(
                "AWS_ACCESS_KEY_ID", S3Server.ACCESS_KEY.getBytes(StandardCharsets.UTF_8),
                "AWS_SECRET_ACCESS_KEY", secret.getBytes(StandardCharsets.UTF_8))));
  }

  private void write(String url, Optional<SecretValues> secret, String... files) throws Exception {
    try (OutputFiles outputs = new OutputFiles(folder)) {
      outlet.write(
          new Egress.Objects(url, NAMED), outputs.of(files), outputs.chunks, secret, () -> false);
    }
  }

  private static String object(String url, String key) {
    try (Wire wire =
        new Wire(
            S3Address.parse(url),
            LIMITS,
            () ->
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))) {
      return new String(wire.small(key, 1 << 25).orElseThrow(), StandardCharsets.UTF_8);
    }
  }

  @Test
  void filesOfAnySizeArePutOverWhatIsThere() throws Exception {
    String url = url();
    String large = "0123456789abcdef".repeat(20 << 16);

    write(url, keys(S3Server.SECRET_KEY), "a", "1", "d/große Datei", large);
    write(url, keys(S3Server.SECRET_KEY), "a", "2", "d/große Datei", large);

    assertThat(object(url, "a")).isEqualTo("2");
    assertThat(object(url, "d/große Datei")).isEqualTo(large);
    try (var left = Files.list(Path.of("/tmp"))) {
      assertThat(left.filter(file -> file.getFileName().toString().startsWith("egress-")))
          .isEmpty();
    }
  }

  @Test
  void wrongCredentialsAreRefusedWithoutBeingShown() {
    assertThatThrownBy(() -> write(url(), keys("wrong-secret"), "a", "1"))
        .isInstanceOfSatisfying(
            DassieException.class, e -> assertThat(e.fault()).isInstanceOf(Fault.Unavailable.class))
        .hasMessageNotContaining("wrong-secret");
    assertThatThrownBy(
            () -> write(url(), Optional.of(new SecretValues(Map.of("x", new byte[1]))), "a", "1"))
        .hasMessage("The secret `keys` has no key `AWS_ACCESS_KEY_ID`.");
  }

  @Test
  void theServersOwnCredentialsGoOnlyWhereThatIsAllowed() {
    S3Outlet some = new S3Outlet(List.of(S3Address.parse("s3://reports/daily")), LIMITS, folder);

    some.check(new Egress.Objects("s3://reports/daily/x", Optional.empty()));
    for (String url :
        List.of(
            "s3://reports/dailyx",
            "s3://other/daily/x",
            "s3://reports/daily/x?endpoint=http://evil.example")) {
      assertThatThrownBy(() -> some.check(new Egress.Objects(url, Optional.empty())))
          .as(url)
          .hasMessageContaining("expected `secret` beside it, or a place beneath");
    }
    assertThatThrownBy(
            () -> outlet.check(new Egress.Objects("s3://some-bucket/b", Optional.empty())))
        .hasMessageContaining("lends its own credentials to no egress");
  }
}
