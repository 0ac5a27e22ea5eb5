package dev.dassie.executor.container;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Base64;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EngineTest {
  @TempDir Path folder;

  @Test
  void theVersionThatBothSidesKnowIsSpoken() {
    assertThat(Engine.spoken("1.24", "1.41")).isEqualTo("1.40");
    assertThat(Engine.spoken("1.44", "1.52")).isEqualTo("1.44");
    assertThat(Engine.spoken("1.12", "1.39")).isEqualTo("1.39");
    assertThat(Engine.spoken("", "")).isEqualTo("1.40");
  }

  @Test
  void aBodyInChunksIsReadToItsEnd() throws IOException {
    assertThat(text("4\r\nWiki\r\n6;x=y\r\npedia \r\n0\r\n\r\n")).isEqualTo("Wikipedia ");
    assertThatThrownBy(() -> text("4\r\nWikiX\r\n"))
        .hasMessage("it sent a chunk that does not end where it says");
    assertThatThrownBy(() -> text("zz\r\n")).hasMessage("it sent a chunk without a size");
    assertThatThrownBy(() -> text("9\r\nWiki"))
        .hasMessage("it closed the connection in the middle of an answer");
  }

  private static String text(String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.ISO_8859_1);
    return new String(
        new ChunkedBody(new ByteArrayInputStream(bytes)).readAllBytes(),
        StandardCharsets.ISO_8859_1);
  }

  @Test
  void logsComeInPiecesWithALengthThatMayLie() {
    assertThat(
            Engine.text(new byte[] {1, 0, 0, 0, 0, 0, 0, 2, 'h', 'i', 2, 0, 0, 0, 0, 0, 0, 9, '!'}))
        .isEqualTo("hi!");
    assertThat(Engine.text(new byte[] {1, 0, 0})).isEmpty();
  }

  @Test
  void namesOfImagesHaveARegistryATagAndADigest() {
    String digest = "sha256:" + "ab".repeat(32);

    assertThat(Reference.parse("python").version()).isEqualTo("latest");
    assertThat(Reference.parse("registry.example.org:5000/team/tool:1.2@" + digest))
        .extracting(Reference::name, Reference::version)
        .containsExactly("registry.example.org:5000/team/tool", digest);
    for (String bad :
        new String[] {"", "UPPER/x y", "a/../b", "a?b", "/a", "a:b:c", "a@sha256:1"}) {
      assertThatThrownBy(() -> Reference.parse(bad))
          .as(bad)
          .hasMessageStartingWith("`transform.image` is `%s`".formatted(bad));
    }
  }

  @Test
  void theLoginOfARegistryIsTheOneThatFitsBest() throws IOException {
    String one = Base64.getEncoder().encodeToString("ann:first".getBytes(StandardCharsets.UTF_8));
    String two = Base64.getEncoder().encodeToString("bob:a:b".getBytes(StandardCharsets.UTF_8));
    Path file = folder.resolve("config.json");
    Files.writeString(
        file,
        """
        {"auths": {"https://index.docker.io/v1/": {"auth": "%s"},
          "r.example.org": {"auth": "%s"}, "r.example.org/team": {"auth": "%s"}}}
        """
            .formatted(one, one, two));
    Logins logins = new Logins(Optional.of(file));

    assertThat(decoded(logins, "python")).contains("\"username\":\"ann\"").contains("docker.io");
    assertThat(decoded(logins, "r.example.org/team/x"))
        .isEqualTo(
            "{\"username\":\"bob\",\"password\":\"a:b\",\"serveraddress\":\"r.example.org\"}");
    assertThat(decoded(logins, "r.example.org/teamwork/x")).contains("ann");
    assertThat(logins.of(Reference.parse("other.example.org/x"))).isEmpty();
  }

  private static String decoded(Logins logins, String image) {
    return new String(
        Base64.getUrlDecoder().decode(logins.of(Reference.parse(image)).orElseThrow()),
        StandardCharsets.UTF_8);
  }
}
