package dev.dassie.job.standing;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.job.standing.HttpAnswers.Owed;
import java.nio.charset.StandardCharsets;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class HttpAnswersTest {
  private static final String GET = "GET / HTTP/1.1\r\n\r\n";

  /// A request, a whole answer, and whether it ends by what it says.
  static Stream<Arguments> answers() {
    return Stream.of(
        Arguments.of(GET, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", Owed.NO),
        Arguments.of(GET, "HTTP/1.1 200 OK\r\ncontent-length:0\r\n\r\n", Owed.NO),
        Arguments.of(
            GET,
            "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\na;x=y\r\n0123456789\r\n0\r\nT: x\r\n\r\n",
            Owed.NO),
        Arguments.of(GET, "HTTP/1.1 304 Not Modified\r\nContent-Length: 9\r\n\r\n", Owed.NO),
        Arguments.of(GET, "HTTP/1.1 204 No Content\r\n\r\n", Owed.NO),
        Arguments.of(
            GET,
            "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nx",
            Owed.NO),
        Arguments.of(
            "HEAD / HTTP/1.1\r\n\r\n", "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n", Owed.NO),
        Arguments.of(GET, "HTTP/1.0 200 OK\r\n\r\nhello", Owed.YES),
        Arguments.of(GET, "HTTP/1.1 200\nContent-Length: 2\n\nhi", Owed.NO),
        Arguments.of(GET, "HTTP/1.1 101 Switching Protocols\r\n\r\n\1\2", Owed.UNKNOWN),
        Arguments.of("?", "hello", Owed.UNKNOWN),
        Arguments.of(GET, "HTTP/1.1 many\r\n\r\n", Owed.UNKNOWN),
        Arguments.of(
            GET, "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nx\r\n", Owed.UNKNOWN),
        Arguments.of(GET, "HTTP/1." + "1".repeat(100_000), Owed.UNKNOWN));
  }

  @ParameterizedTest
  @MethodSource("answers")
  void anAnswerIsOwedUntilItsEndHoweverItIsCut(String request, String answer, Owed end) {
    for (int cut : new int[] {1, 2, 7, answer.length()}) {
      HttpAnswers http = new HttpAnswers();
      asked(http, request);
      for (int at = 0; at < answer.length(); at += cut) {
        assertThat(http.owed()).isNotEqualTo(Owed.NO);
        said(http, answer.substring(at, Math.min(at + cut, answer.length())));
      }
      assertThat(http.owed()).isEqualTo(end);
    }
  }

  @Test
  void theNextRequestOfAConnectionIsOwedAnAnswerAgain() {
    HttpAnswers http = new HttpAnswers();
    asked(http, "HEAD / HTTP/1.1\r\n\r\n");
    said(http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\n");
    assertThat(http.owed()).isEqualTo(Owed.NO);

    asked(http, GET);
    assertThat(http.owed()).isEqualTo(Owed.YES);
    said(http, "HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhell");
    assertThat(http.owed()).isEqualTo(Owed.YES);
    said(http, "o");

    assertThat(http.owed()).isEqualTo(Owed.NO);
  }

  private static void asked(HttpAnswers http, String text) {
    http.asked(text.getBytes(StandardCharsets.ISO_8859_1), text.length());
  }

  private static void said(HttpAnswers http, String text) {
    http.said(text.getBytes(StandardCharsets.ISO_8859_1), text.length());
  }
}
