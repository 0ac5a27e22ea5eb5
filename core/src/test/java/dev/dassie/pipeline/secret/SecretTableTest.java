package dev.dassie.pipeline.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SecretTableTest {
  private static final SecretName NAME = new SecretName("default", "db");
  private static final Secret SECRET =
      new Secret(
          NAME,
          3,
          "0123456789abcdef",
          "Opaque",
          List.of("password", "user"),
          Instant.ofEpochSecond(1_700_000_000, 5),
          Instant.ofEpochSecond(1_700_000_001),
          "local:ann");

  @TempDir Path folder;

  @Test
  void theRecordIsTheGoldenOne() {
    SecretBox.Sealed sealed =
        new SecretBox.Sealed("66687aadf862bd77", new byte[] {1, 2}, new byte[] {3, 4, 5});

    byte[] bytes = SecretTable.encode(new SecretTable.Stored(SECRET, sealed));
    SecretTable.Stored back = SecretTable.decode("default/db", bytes);

    assertThat(HexFormat.of().formatHex(bytes)).isEqualTo(GOLDEN);
    assertThat(back.secret()).isEqualTo(SECRET);
    assertThat(back.values().bytes()).containsExactly(3, 4, 5);
  }

  /// Encrypted under the key of 32 zeros with the nonce of 12 zeros.
  @Test
  void whatWasEncryptedOpensForGood() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "00".repeat(32) + "\n");
    SecretBox box = new SecretBox(file);
    SecretBox.Sealed sealed =
        new SecretBox.Sealed("66687aadf862bd77", new byte[12], HexFormat.of().parseHex(SEALED));

    byte[] plain =
        box.open(sealed, "dassie secret 1\0default/db\0003\0000123456789abcdef", "The secret");

    assertThat(SecretValues.decode(plain).get("password").orElseThrow()).asString().isEqualTo("pw");
  }

  private static final String GOLDEN =
      "01031030313233343536373839616263646566064f7061717565020870617373776f726404757365"
          + "72000000006553f10005000000006553f10100096c6f63616c3a616e6e1036363638376161646638"
          + "36326264373702010203030405";
  private static final String SEALED =
      "ccaf305c3e131c01752ac7a3cdf7e86b171200ab59c840b0c7b01f99064dc88bf0de29750f7c";
}
