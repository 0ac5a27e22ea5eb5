package dev.dassie.lineage.verdict;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.job.Lab;
import dev.dassie.version.Commit;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What design L5 remembers.
class VerdictsTest {
  private static final String COMMAND = "ab".repeat(32);

  @TempDir Path folder;
  private Lab lab;
  private Verdicts verdicts;

  @BeforeEach
  void open() {
    lab = new Lab(folder);
    lab.repoNamed("in");
    verdicts = new Verdicts(lab.world.versions);
  }

  @AfterEach
  void close() {
    lab.close();
  }

  @Test
  void commitsAfterTheGoodOneAreListedWithWhatIsKnown() {
    Commit good = lab.put("in", "a", "1");
    Commit middle = lab.put("in", "a", "2");
    Commit bad = lab.put("in", "a", "3");
    verdicts.put(Lab.ANN, middle.name(), COMMAND, 125);
    verdicts.put(Lab.ANN, middle.name(), COMMAND, 3);

    List<Verdicts.Candidate> found = verdicts.between(good.name(), bad.name(), COMMAND);

    assertThat(found).extracting(Verdicts.Candidate::commit).containsExactly(middle, bad);
    assertThat(found.getFirst().verdict()).map(Verdict::kind).contains(Verdict.Kind.BAD);
    assertThat(found.getFirst().verdict()).map(Verdict::exitCode).contains(3);
    assertThat(found.getLast().verdict()).isEmpty();
    assertThat(verdicts.between(good.name(), bad.name(), "cd".repeat(32)).getFirst().verdict())
        .isEmpty();
  }

  @Test
  void aGoodCommitThatIsNotBeforeTheBadOneIsRefused() {
    Commit first = lab.put("in", "a", "1");
    Commit second = lab.put("in", "a", "2");

    assertThatThrownBy(() -> verdicts.between(second.name(), first.name(), COMMAND))
        .hasMessageContaining("not in the history");
    assertThatThrownBy(() -> verdicts.between(first.name(), second.name(), "../x"))
        .hasMessageContaining("SHA-256");
    assertThatThrownBy(() -> verdicts.put(Lab.ANN, first.name(), COMMAND, 256))
        .hasMessageContaining("0 to 255");
  }

  @Test
  void verdictsHaveTheirGoldenBytes() {
    Verdict verdict =
        new Verdict(Verdict.Kind.SKIP, 125, Instant.ofEpochSecond(1_790_000_000L), "local:ann");

    assertThat(HexFormat.of().formatHex(verdict.encode()))
        .isEqualTo("01" + "03" + "7d" + "000000006ab13b80" + "09" + "6c6f63616c3a616e6e");
    assertThat(Verdict.decode(verdict.encode())).isEqualTo(verdict);
    byte[] newer = verdict.encode();
    newer[0] = 2;
    assertThatThrownBy(() -> Verdict.decode(newer)).hasMessageContaining("verdict version 2");
  }
}
