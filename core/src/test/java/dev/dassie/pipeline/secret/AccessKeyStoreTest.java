package dev.dassie.pipeline.secret;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class AccessKeyStoreTest {
  private static final AccessKey KEY =
      new AccessKey("DSKABCDEFGHIJKLMNOPQ", "local:ann", Instant.ofEpochSecond(1_700_000_000, 5));

  @TempDir Path folder;

  @Test
  void theRecordIsTheGoldenOne() {
    SecretBox.Sealed sealed =
        new SecretBox.Sealed("66687aadf862bd77", new byte[] {1, 2}, new byte[] {3, 4, 5});

    byte[] bytes = AccessKeyStore.encode(new AccessKeyStore.Stored(KEY, sealed));
    AccessKeyStore.Stored back = AccessKeyStore.decode(KEY.id(), bytes);

    assertThat(HexFormat.of().formatHex(bytes))
        .isEqualTo(
            "01096c6f63616c3a616e6e000000006553f100051036363638376161646638363262643737"
                + "02010203030405");
    assertThat(back.key()).isEqualTo(KEY);
    assertThat(back.secret().bytes()).containsExactly(3, 4, 5);
  }

  /// Encrypted under the key of 32 zeros with the nonce of 12 zeros.
  @Test
  void whatWasEncryptedOpensForGood() throws IOException {
    Path file = Files.writeString(folder.resolve("key"), "00".repeat(32) + "\n");
    SecretBox.Sealed sealed =
        new SecretBox.Sealed("66687aadf862bd77", new byte[12], HexFormat.of().parseHex(SEALED));

    byte[] plain = new SecretBox(file).open(sealed, AccessKeyStore.context(KEY), "The key");

    assertThat(new String(plain, StandardCharsets.US_ASCII)).isEqualTo("open sesame");
  }

  private static final String SEALED = "a1d725536d130e1d6623a02f188734c7d6519896e29f238afb4877";
}
