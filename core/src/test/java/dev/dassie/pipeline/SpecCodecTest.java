package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.pipeline.secret.SecretUse;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Schedule;
import dev.dassie.version.trigger.Trigger;
import java.time.Instant;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class SpecCodecTest {
  /// What version 1 wrote for [Specs#full]; it must stay readable for good.
  private static final String GOLDEN_1 =
      "0106766973696f6e0565646765730b66696e64732065646765730205737461676504746573740474"
          + "65616d03616e6e01046e6f746501780207707974686f6e330865646765732e707901086f6e65206c"
          + "696e6502014101310142013201072e2f656467657301052f776f726b020301010474727565000101"
          + "08707974686f6e3a3302020104706963730764656661756c7406696d61676573066d617374657206"
          + "2f2a2e706e6701030201037265640764656661756c7403726564066d6173746572012f000104626c"
          + "75650764656661756c7404626c7565066d6173746572032f2a2f00046d61696e040201dc0b0180ba"
          + "b70301010473616c7401107265736f757263655265717565737473";

  private static final String GOLDEN_2 =
      "0206766973696f6e0565646765730b66696e64732065646765730205737461676504746573740474"
          + "65616d03616e6e01046e6f746501780207707974686f6e330865646765732e707901086f6e65206c"
          + "696e6502014101310142013201072e2f656467657301052f776f726b020301010474727565000101"
          + "08707974686f6e3a3302020104706963730764656661756c7406696d61676573066d617374657206"
          + "2f2a2e706e670100030201037265640764656661756c7403726564066d6173746572012f00000104"
          + "626c75650764656661756c7404626c7565066d6173746572032f2a2f0000046d61696e040201dc0b"
          + "0180bab70301010473616c7401107265736f757263655265717565737473";

  @Test
  void aSpecIsReadAsItWasWritten() {
    byte[] bytes = bytes(Specs.full());

    Decoder in = new Decoder("spec", bytes);

    assertThat(SpecCodec.read(in)).isEqualTo(Specs.full());
    assertThat(in.remaining()).isZero();
  }

  @Test
  void versionOneIsReadable() {
    Decoder in = new Decoder("spec", HexFormat.of().parseHex(GOLDEN_1));

    assertThat(SpecCodec.read(in)).isEqualTo(Specs.full());
    assertThat(in.remaining()).isZero();
  }

  @Test
  void howTheCodeRunsHasItsGoldenForm() {
    Running.Service port = new Running.Service(8080, 30080);
    Map<String, Running> forms =
        Map.of(
            "0103" + "00",
            new Running.OnDatums(true, Optional.empty()),
            "0104" + "020105",
            batches(new Running.DatumSets.OfDatums(5)),
            "0104" + "0302ac02",
            batches(new Running.DatumSets.OfBytes(300)),
            "0104" + "020304",
            batches(new Running.DatumSets.PerWorker(4)),
            "0105" + "05903f80eb01",
            port,
            "0106" + "00",
            new Running.Spout(Optional.empty()),
            "0205" + "05903f80eb01" + "0600",
            new Running.Spout(Optional.of(port)));

    forms.forEach((golden, running) -> {
      PipelineSpec spec = Specs.spec("edges", Specs.files("images", "/")).with(running);
      byte[] bytes = bytes(spec);
      assertThat(HexFormat.of().formatHex(bytes)).endsWith("00" + "00" + golden);
      assertThat(SpecCodec.read(new Decoder("spec", bytes))).isEqualTo(spec);
    });
  }

  @Test
  void bucketsHaveTheirGoldenForm() {
    PipelineSpec in = Specs.spec("p", Specs.files("r", "/").with("/", true));
    PipelineSpec out =
        Specs.spec("p", Specs.files("r", "/"))
            .with(new Running.OnDatums(false, Optional.empty(), true));

    assertThat(HexFormat.of().formatHex(bytes(in)))
        .startsWith("02")
        .contains("012f" + "00" + "01" + "0900");
    assertThat(HexFormat.of().formatHex(bytes(out))).startsWith("03").endsWith("01" + "0900");
    assertThat(SpecCodec.read(new Decoder("spec", bytes(in)))).isEqualTo(in);
    assertThat(SpecCodec.read(new Decoder("spec", bytes(out)))).isEqualTo(out);
  }

  private static Running batches(Running.DatumSets sets) {
    return new Running.OnDatums(false, Optional.of(sets));
  }

  @Test
  void theStoredFormIsTheGoldenOne() {
    assertThat(HexFormat.of().formatHex(bytes(Specs.full()))).isEqualTo(GOLDEN_2);
  }

  @Test
  void joinsAndGroupsHaveTheirGoldenForm() {
    Input.Files files =
        new Input.Files(
            "pics",
            Specs.master("images"),
            "/(*)",
            false,
            true,
            true,
            Optional.of("$1"),
            true,
            Optional.of("x$1"));
    PipelineSpec join = Specs.spec("edges", new Input.Join(List.of(files)));
    PipelineSpec group = Specs.spec("edges", new Input.Group(List.of(files)));

    assertThat(HexFormat.of().formatHex(bytes(join)))
        .contains(
            "04010104706963730764656661756c7406696d61676573066d6173746572042f282a290005010002000302243104000503782431");
    assertThat(SpecCodec.read(new Decoder("spec", bytes(join)))).isEqualTo(join);
    assertThat(SpecCodec.read(new Decoder("spec", bytes(group)))).isEqualTo(group);
  }

  @Test
  void whatStartsJobsHasItsGoldenForm() {
    Cron cron =
        new Cron(
            Schedule.parse("@daily"), Optional.of(Instant.parse("2026-11-21T10:00:00Z")), true);
    PipelineSpec ticking = Specs.spec("p", starting(Starts.ticking(cron)));
    PipelineSpec quiet = Specs.spec("p", starting(Starts.NEVER));

    assertThat(HexFormat.of().formatHex(bytes(ticking)))
        .contains("022f2a00" + "01" + "0812" + "06406461696c79" + "01000000006b016ba000" + "01");
    Trigger trigger =
        new Trigger(
            "dev", Optional.of(300L), Optional.of(2L), Optional.empty(), Optional.empty(), true);
    PipelineSpec triggered =
        Specs.spec("p", starting(new Starts(false, Optional.of(trigger), Optional.empty())));
    assertThat(HexFormat.of().formatHex(bytes(triggered)))
        .contains("022f2a00" + "01" + "070c" + "03646576" + "01ac02" + "0102" + "00" + "00" + "01");
    assertThat(SpecCodec.read(new Decoder("spec", bytes(triggered)))).isEqualTo(triggered);
    assertThat(HexFormat.of().formatHex(bytes(quiet))).contains("022f2a00" + "01" + "0600");
    assertThat(SpecCodec.read(new Decoder("spec", bytes(ticking)))).isEqualTo(ticking);
    assertThat(SpecCodec.read(new Decoder("spec", bytes(quiet)))).isEqualTo(quiet);
  }

  @Test
  void theRowOfAClockHasItsGoldenForm() {
    CronTable.Clock clock =
        new CronTable.Clock(
            new RepoName("lab", "scrape"), Instant.parse("2026-11-21T10:00:00.000000001Z"));

    assertThat(HexFormat.of().formatHex(CronTable.encode(clock)))
        .isEqualTo("01036c616206736372617065000000006b016ba001");
  }

  private static Input.Files starting(Starts starts) {
    return new Input.Files(
        "r",
        Specs.master("r"),
        "/*",
        false,
        false,
        false,
        Optional.empty(),
        false,
        Optional.empty(),
        starts);
  }

  @Test
  void userAndSecretsHaveTheirGoldenForm() {
    PipelineSpec plain = Specs.spec("edges", Specs.files("images", "/*"));
    List<SecretUse> uses =
        List.of(
            new SecretUse("db", Optional.of("pw"), Optional.empty(), Optional.of("PASSWORD")),
            new SecretUse("tls", Optional.empty(), Optional.of("/tls"), Optional.empty()));
    PipelineSpec spec = plain.with(plain.transform().with(Optional.of("1000:users"), uses));

    assertThat(HexFormat.of().formatHex(bytes(spec)))
        .startsWith("03")
        .endsWith(
            "02010a313030303a7573657273021f020264620102707700010850415353574f524403746c730001042f746c7300");
    assertThat(SpecCodec.read(new Decoder("spec", bytes(spec)))).isEqualTo(spec);
  }

  @Test
  void whereOutputsGoHasItsGoldenForm() {
    PipelineSpec plain = Specs.spec("edges", Specs.files("images", "/*"));
    PipelineSpec objects =
        plain.with(Optional.of(new Egress.Objects("s3://b/x", Optional.of("k"))));
    Egress tables =
        new Egress.Database(
            "postgresql://u@h/d",
            Egress.Format.JSON,
            List.of("a", "b"),
            Optional.of("k"),
            Optional.empty());
    PipelineSpec database = plain.with(Optional.of(tables));

    assertThat(HexFormat.of().formatHex(bytes(objects)))
        .startsWith("03")
        .endsWith("01070d010873333a2f2f622f7801016b");
    assertThat(HexFormat.of().formatHex(bytes(database)))
        .endsWith("01071e0212706f737467726573716c3a2f2f7540682f6401016b00020201610162");
    assertThat(SpecCodec.read(new Decoder("spec", bytes(objects)))).isEqualTo(objects);
    assertThat(SpecCodec.read(new Decoder("spec", bytes(database)))).isEqualTo(database);
  }

  @Test
  void limitsHaveTheirGoldenForm() {
    PipelineSpec plain = Specs.spec("edges", Specs.files("images", "/*"));
    PipelineSpec spec = plain.with(new Resources(512L << 20, 1_500, 10L << 30));

    assertThat(HexFormat.of().formatHex(bytes(spec)))
        .startsWith("03")
        .endsWith("01080c8080808002dc0b8080808028");
    assertThat(SpecCodec.read(new Decoder("spec", bytes(spec)))).isEqualTo(spec);
    assertThat(bytes(plain.with(Resources.UNLIMITED))).isEqualTo(bytes(plain));
  }

  @Test
  void theOrderOfMapsDoesNotShow() {
    PipelineSpec one = Specs.full();
    Map<String, String> turned = Specs.env("stage", "test", "team", "ann");
    PipelineSpec other =
        new PipelineSpec(
            one.project(),
            one.name(),
            one.description(),
            turned,
            one.annotations(),
            one.transform(),
            one.input(),
            one.outputBranch(),
            one.parallelism(),
            one.datumTries(),
            one.datumTimeout(),
            one.jobTimeout(),
            one.everyJob(),
            one.concat(),
            one.salt(),
            one.unused());

    assertThat(bytes(other)).isEqualTo(bytes(one));
  }

  @Test
  void aSpecThatEndsEarlyIsCorruptAndNothingElse() {
    byte[] bytes = bytes(Specs.full());
    for (int length = 0; length < bytes.length; length++) {
      byte[] cut = Arrays.copyOf(bytes, length);
      assertThatThrownBy(() -> SpecCodec.read(new Decoder("spec", cut)))
          .isInstanceOf(DassieException.class);
    }
  }

  @Test
  void aNewerVersionIsRefused() {
    byte[] bytes = bytes(Specs.full());
    bytes[0] = 4;

    assertThatThrownBy(() -> SpecCodec.read(new Decoder("spec", bytes)))
        .hasMessage(
            "A pipeline spec is damaged: expected record version 3 or older, found version 4.");
  }

  private static byte[] bytes(PipelineSpec spec) {
    Encoder out = new Encoder();
    SpecCodec.write(out, spec);
    return out.toBytes();
  }
}
