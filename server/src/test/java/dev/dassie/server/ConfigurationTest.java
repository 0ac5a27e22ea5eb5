package dev.dassie.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.http.Setting;
import dev.dassie.version.multipart.UploadLimits;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ConfigurationTest {
  @TempDir Path home;

  private Configuration read(Map<String, String> environment, String... arguments) {
    Map<String, String> all = new HashMap<>(environment);
    all.put("DASSIE_HOME", home.toString());
    return Configuration.read(List.of(arguments), all);
  }

  private void file(String text) throws IOException {
    Files.writeString(home.resolve("config.yaml"), text);
  }

  @Test
  void defaultsStandWhereNothingIsSaid() {
    Configuration configuration = read(Map.of());

    assertThat(configuration.bind()).isEqualTo("127.0.0.1");
    assertThat(configuration.port()).isEqualTo(7340);
    assertThat(configuration.s3Port()).isEqualTo(7341);
    assertThat(configuration.settings()).contains(new Setting("port", "7340", "default"));
  }

  @Test
  void flagWinsOverEnvironmentOverFile() throws IOException {
    file("port: 1\nbind: 127.0.0.2\nsandbox: none\n");

    Configuration configuration =
        read(Map.of("DASSIE_PORT", "2", "DASSIE_BIND", "127.0.0.3"), "--port", "3");

    assertThat(configuration.settings())
        .contains(
            new Setting("port", "3", "flag"),
            new Setting("bind", "127.0.0.3", "environment DASSIE_BIND"),
            new Setting("sandbox", "none", "file " + home.resolve("config.yaml")));
  }

  @Test
  void limitsOfUploadsInPartsAreRead() {
    assertThat(read(Map.of()).uploads())
        .isEqualTo(new UploadLimits(Duration.ofDays(7), 10_000))
        .isEqualTo(UploadLimits.USUAL);

    Configuration said = read(Map.of("DASSIE_S3_UPLOAD_EXPIRY", "36h"), "--s3-uploads", "3");

    assertThat(said.uploads()).isEqualTo(new UploadLimits(Duration.ofHours(36), 3));
    assertThatThrownBy(() -> read(Map.of(), "--s3-upload-expiry", "soon"))
        .hasMessageContaining("`soon`")
        .hasMessageContaining("expected a time such as `30m`, `36h` or `7d`");
    assertThatThrownBy(() -> read(Map.of(), "--s3-uploads", "many")).hasMessageContaining("`many`");
  }

  @Test
  void unknownKeyIsRefusedWithItsPlaceAndTheNearest() throws IOException {
    file("port: 1\nbimd: x\n");

    assertThatThrownBy(() -> read(Map.of()))
        .isInstanceOfSatisfying(
            DassieException.class,
            e ->
                assertThat(((Fault.InvalidDocument) e.fault()).problems())
                    .containsExactly(
                        new Fault.InvalidDocument.Problem(
                            2,
                            1,
                            "The key `bimd` is not known.",
                            Optional.of("Did you mean `bind`?"))));
  }

  @Test
  void unknownFlagIsRefusedWithTheNearest() {
    assertThatThrownBy(() -> read(Map.of(), "--prot=1"))
        .isInstanceOfSatisfying(
            DassieException.class,
            e -> assertThat(e.fault().hint()).contains("Did you mean `--port`?"));
  }

  @Test
  void valueOutOfRangeIsRefusedWithItsSource() {
    assertThatThrownBy(() -> read(Map.of("DASSIE_PORT", "70000")))
        .hasMessage(
            "`port` (environment DASSIE_PORT) is `70000`, expected a number from 0 to 65535.");
    assertThatThrownBy(() -> read(Map.of(), "--sandbox", "jail"))
        .hasMessage(
            "`sandbox` (flag) is `jail`, expected one of `auto`, `namespaces`, `bubblewrap`, `none`.");
  }

  @Test
  void fileThatIsNotYamlIsRefusedWithItsPlace() throws IOException {
    file("port: [1\n");

    assertThatThrownBy(() -> read(Map.of()))
        .isInstanceOfSatisfying(
            DassieException.class,
            e ->
                assertThat(((Fault.InvalidDocument) e.fault()).problems().getFirst().line())
                    .isPositive());
  }

  @Test
  void fileNamedByAFlagMustBeThere() {
    assertThatThrownBy(() -> read(Map.of(), "--config", home.resolve("none.yaml").toString()))
        .hasMessageContaining("a file that can be read");
  }

  @Test
  void flagWithoutValueIsRefused() {
    assertThatThrownBy(() -> read(Map.of(), "--port"))
        .hasMessage("The flag is `--port`, expected a value after it.");
  }

  @Test
  void placesAreReadFromTheFileAndPasswordsAreNotShown() throws IOException {
    file(
        """
        store: s3://my-bucket/some?region=eu-west-1
        database: postgresql://ann:p:w%40rd@db/dassie?sslmode=require
        store_cache: 2GiB
        """);

    Configuration configuration = read(Map.of());

    assertThat(configuration.storeCache()).isEqualTo(2L << 30);
    assertThat(configuration.database()).contains("p:w%40rd");
    assertThat(configuration.settings())
        .contains(
            new Setting(
                "database",
                "postgresql://ann:***@db/dassie?sslmode=require",
                "file " + home.resolve("config.yaml")));
    assertThat(configuration.settings().toString()).doesNotContain("p:w", "40rd");
  }

  @Test
  void placesThatAreNoneAreRefused() {
    assertThatThrownBy(() -> read(Map.of("DASSIE_STORE", "/mnt/disk")))
        .hasMessageContaining("`/mnt/disk`", "`s3://BUCKET[/PREFIX][?endpoint=URL&…]`");
    assertThatThrownBy(() -> read(Map.of("DASSIE_DATABASE", "mysql://u:secret@h/d")))
        .hasMessageContaining("`mysql://u:***@h/d`");
    assertThatThrownBy(() -> read(Map.of("DASSIE_STORE", "s3://key:secret@bucket")))
        .satisfies(e -> assertThat(e.getMessage()).doesNotContain("secret"));
    assertThatThrownBy(() -> read(Map.of(), "--store-cache", "lots"))
        .hasMessage("`store_cache` (flag) is `lots`, expected a size such as `500MiB` or `20GiB`.");
  }

  @Test
  void limitsOfDatumsAreSizesOrParts() {
    Configuration usual = read(Map.of());
    Configuration set =
        read(
            Map.of("DASSIE_DATUM_DISK", "20GiB", "DASSIE_JOB_DATUMS", "100"),
            "--datum-memory",
            "10%");

    assertThat(usual.datumLimits()).isEqualTo(dev.dassie.executor.datum.Limits.defaults());
    assertThat(usual.jobDatums()).isEqualTo(5_000_000);
    assertThat(set.datumLimits().disk().bytes()).isEqualTo(20L << 30);
    assertThat(set.datumLimits().memory().percent()).isEqualTo(10);
    assertThat(set.jobDatums()).isEqualTo(100);
    assertThatThrownBy(() -> read(Map.of(), "--datum-disk", "101%"))
        .hasMessage(
            "`datum_disk` (flag) is `101%`, expected a size such as `500MiB` or `20GiB`, or a part"
                + " such as `50%`.");
    assertThatThrownBy(() -> read(Map.of(), "--datum-processes", "0"))
        .hasMessage("`datum_processes` (flag) is `0`, expected a number from 1 to 4,000,000.");
  }
}
