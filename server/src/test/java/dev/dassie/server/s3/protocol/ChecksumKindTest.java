package dev.dassie.server.s3.protocol;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ChecksumKindTest {
  /// The check values of the catalogue of CRC algorithms, and of FIPS 180-4 tools.
  @ParameterizedTest
  @CsvSource({
    "CRC32, cbf43926",
    "CRC32C, e3069283",
    "CRC64NVME, ae8b14860a799888",
    "SHA1, f7c3bc1d808e04732adf679965ccc34ca7ae3441",
    "SHA256, 15e2b0d3c33891ebb0f1ef609ec419420c20e320ce94c65fbc8c3312448eb225",
  })
  void eachHasItsPublishedValue(ChecksumKind kind, String expected) {
    byte[] digits = "123456789".getBytes(StandardCharsets.US_ASCII);
    ChecksumKind.Digest whole = kind.start();
    ChecksumKind.Digest pieces = kind.start();

    whole.update(digits, 0, 9);
    pieces.update(digits, 0, 2);
    pieces.update(digits, 2, 7);

    String value = whole.base64();
    assertThat(HexFormat.of().formatHex(Base64.getDecoder().decode(value))).isEqualTo(expected);
    assertThat(pieces.base64()).isEqualTo(value);
    assertThat(kind.accepts(value)).isTrue();
    assertThat(kind.accepts("AA==")).isFalse();
  }
}
