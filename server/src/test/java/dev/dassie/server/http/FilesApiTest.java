package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.server.TestServer;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.GZIPOutputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.apache.commons.compress.archivers.tar.TarConstants;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Files in and out through a real server.
class FilesApiTest {
  private static final String REPOS = "/api/v1/projects/default/repos";
  private static final String MASTER = REPOS + "/files/commits/master";

  @TempDir static Path home;
  static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(home);
    for (String name : List.of("files", "tars", "side")) {
      ok(server.post(REPOS, "{\"name\":\"" + name + "\"}"));
    }
    ok(server.put(MASTER + "/file?path=/dir/a.txt", "hello"));
    ok(server.put(MASTER + "/file?path=/dir/sub/b.txt&executable=true", "world!"));
    ok(server.put(MASTER + "/file?path=/z", "zzz"));
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static JsonNode ok(HttpResponse<String> response) throws IOException {
    assertThat(response.statusCode()).as(response.body()).isBetween(200, 299);
    return TestServer.json(response);
  }

  private static void refused(HttpResponse<String> response, int status, String code)
      throws IOException {
    assertThat(response.statusCode()).as(response.body()).isEqualTo(status);
    assertThat(TestServer.json(response).path("code").stringValue()).isEqualTo(code);
  }

  private static List<String> paths(JsonNode list) {
    List<String> paths = new ArrayList<>();
    list.path("items").forEach(item -> paths.add(item.path("path").stringValue()));
    return paths;
  }

  @Test
  void directoriesGlobsAndWalksShowWhatIsThere() throws Exception {
    assertThat(paths(ok(server.get(MASTER + "/files?path=/dir"))))
        .containsExactly("/dir/a.txt", "/dir/sub/");
    assertThat(paths(ok(server.get(MASTER + "/files?path=/dir/a.txt"))))
        .containsExactly("/dir/a.txt");
    assertThat(paths(ok(server.get(MASTER + "/glob?pattern=/dir/*"))))
        .containsExactly("/dir/a.txt", "/dir/sub/");
    assertThat(paths(ok(server.get(MASTER + "/walk?path=/dir"))))
        .containsExactly("/dir/a.txt", "/dir/sub/b.txt");
    assertThat(ok(server.get(MASTER + "/files/inspect?path=/")).path("files").longValue())
        .isGreaterThanOrEqualTo(3);
    refused(server.get(MASTER + "/files?path=/nothing"), 404, "not_found");
    refused(server.get(MASTER + "/glob?pattern=%5Bx"), 400, "invalid");
  }

  @Test
  void listsGoOnBehindACursor() throws Exception {
    for (String call : List.of("files?path=/dir&", "walk?path=/dir&", "glob?pattern=/dir/*&")) {
      JsonNode first = ok(server.get(MASTER + "/" + call + "limit=1"));
      String next = first.path("next").stringValue();
      JsonNode second = ok(server.get(MASTER + "/" + call + "limit=1&cursor=" + next));

      assertThat(paths(first)).containsExactly("/dir/a.txt");
      assertThat(paths(second)).hasSize(1).isNotEqualTo(paths(first));
      assertThat(second.path("next").isNull()).isTrue();
    }
  }

  @Test
  void fileComesWithItsCommitAndEtag() throws Exception {
    HttpResponse<String> reply = server.get(MASTER + "/file?path=dir/a.txt");
    String etag = reply.headers().firstValue("ETag").orElseThrow();
    HttpResponse<String> again =
        server.send(server.request(MASTER + "/file?path=dir/a.txt").header("If-None-Match", etag));

    assertThat(reply.body()).isEqualTo("hello");
    assertThat(reply.headers().firstValue("Dassie-Commit").orElseThrow()).hasSize(32);
    assertThat(reply.headers().firstValue("Content-Security-Policy").orElseThrow())
        .startsWith("sandbox");
    assertThat(again.statusCode()).isEqualTo(304);
    assertThat(again.body()).isEmpty();
  }

  @Test
  void headHasTheHeadersAlone() throws Exception {
    HttpResponse<String> reply =
        server.send(
            server
                .request(MASTER + "/file?path=dir/a.txt")
                .method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertThat(reply.statusCode()).isEqualTo(200);
    assertThat(reply.headers().firstValue("Content-Length")).contains("5");
    assertThat(reply.body()).isEmpty();
  }

  @Test
  void rangesAreServedAsTheStandardSays() throws Exception {
    String[][] cases = {
      {"bytes=0-0", "206", "h", "bytes 0-0/5"},
      {"bytes=1-3", "206", "ell", "bytes 1-3/5"},
      {"bytes=3-", "206", "lo", "bytes 3-4/5"},
      {"bytes=-2", "206", "lo", "bytes 3-4/5"},
      {"bytes=-9", "206", "hello", "bytes 0-4/5"},
      {"bytes=0-99", "206", "hello", "bytes 0-4/5"},
      {"bytes=3-1", "200", "hello", ""},
      {"bytes=0-0,2-2", "200", "hello", ""},
      {"lines=1-2", "200", "hello", ""},
    };
    for (String[] wanted : cases) {
      HttpResponse<String> reply =
          server.send(server.request(MASTER + "/file?path=dir/a.txt").header("Range", wanted[0]));

      assertThat(reply.statusCode()).as(wanted[0]).isEqualTo(Integer.parseInt(wanted[1]));
      assertThat(reply.body()).as(wanted[0]).isEqualTo(wanted[2]);
      assertThat(reply.headers().firstValue("Content-Range").orElse("")).isEqualTo(wanted[3]);
    }
    HttpResponse<String> beyond =
        server.send(server.request(MASTER + "/file?path=dir/a.txt").header("Range", "bytes=5-"));
    assertThat(beyond.statusCode()).isEqualTo(416);
    assertThat(beyond.headers().firstValue("Content-Range")).contains("bytes */5");
    HttpResponse<String> changed =
        server.send(
            server
                .request(MASTER + "/file?path=dir/a.txt")
                .header("Range", "bytes=0-0")
                .header("If-Range", "\"other\""));
    assertThat(changed.statusCode()).isEqualTo(200);
  }

  @Test
  void pathsAreKeptByteForByte() throws Exception {
    for (String path :
        List.of("a+b", "%C3%A4%20%25", "na%C3%AFve%5B%2A%5D", "x;y=1", "..a", "%7B%7D")) {
      String name = path.replace("+", "%2B");
      ok(server.put(REPOS + "/side/commits/master/file?path=" + name, path));

      assertThat(server.get(REPOS + "/side/commits/master/file?path=" + name).body())
          .isEqualTo(path);
    }
  }

  @Test
  void badPathsAreRefusedWithTheRule() throws Exception {
    for (String path :
        List.of("", "/", "a//b", "a/../b", "./a", "a/.", "a%00b", "a/", "x".repeat(4097))) {
      refused(server.put(MASTER + "/file?path=" + path, "x"), 400, "invalid");
    }
    refused(server.put(MASTER + "/file?path=%FF", "x"), 400, "invalid");
    refused(server.get(MASTER + "/file?path=dir"), 400, "invalid");
    refused(server.put(MASTER + "/file?path=z/below", "x"), 409, "conflict");
    refused(server.put(REPOS + "/files/commits/master%5E/file?path=x", "x"), 400, "invalid");
  }

  @Test
  void removedAndCopiedFilesShowInTheDifference() throws Exception {
    ok(server.put(REPOS + "/side/commits/dev/file?path=a", "1"));
    ok(server.put(REPOS + "/side/commits/dev/file?path=b", "2"));
    ok(server.delete(REPOS + "/side/commits/dev/file?path=a"));
    ok(
        server.post(
            REPOS + "/side/commits/dev/copy",
            "{\"from\":{\"repo\":\"files\",\"path\":\"/dir\"},\"to\":\"/copied\"}"));

    JsonNode difference = ok(server.get(REPOS + "/side/commits/dev/diff?with=dev~3"));

    assertThat(paths(difference)).containsExactly("/a", "/b", "/copied/a.txt", "/copied/sub/b.txt");
    assertThat(difference.path("items").path(0).path("change").stringValue()).isEqualTo("removed");
    refused(server.delete(REPOS + "/side/commits/dev/file?path=a"), 404, "not_found");
    JsonNode last = ok(server.get(REPOS + "/side/commits/dev/diff"));
    assertThat(paths(last)).containsExactly("/copied/a.txt", "/copied/sub/b.txt");
  }

  @Test
  void copyWithinAnOpenCommitTakesWhatItHoldsSoFar() throws Exception {
    ok(server.post(REPOS + "/side/commits", "{\"branch\":\"draft\"}"));
    ok(server.put(REPOS + "/side/commits/draft/file?path=d/a", "1"));
    ok(
        server.post(
            REPOS + "/side/commits/draft/copy",
            "{\"from\":{\"repo\":\"side\",\"commit\":\"draft\",\"path\":\"d\"},\"to\":\"e\"}"));
    ok(server.post(REPOS + "/side/commits/draft/finish", ""));

    assertThat(paths(ok(server.get(REPOS + "/side/commits/draft/walk"))))
        .containsExactly("/d/a", "/e/a");
  }

  // Tars.

  private interface Filling {
    void fill(TarArchiveOutputStream tar) throws IOException;
  }

  private static byte[] tar(Filling filling) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, 512, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      filling.fill(tar);
    }
    return bytes.toByteArray();
  }

  private static void file(TarArchiveOutputStream tar, String name, String text)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(name, true);
    entry.setSize(text.length());
    tar.putArchiveEntry(entry);
    tar.write(TestServer.utf8(text));
    tar.closeArchiveEntry();
  }

  private static HttpResponse<String> putTar(byte[] body, String... headers) throws Exception {
    HttpRequest.Builder request =
        server
            .request(REPOS + "/tars/commits/master/tar?path=/in")
            .POST(HttpRequest.BodyPublishers.ofByteArray(body));
    for (int i = 0; i < headers.length; i += 2) {
      request.header(headers[i], headers[i + 1]);
    }
    return server.send(request);
  }

  @Test
  void tarIsOneCommitAndComesBackTheSame() throws Exception {
    String deep = "d/".repeat(90) + "ä.txt";
    byte[] body =
        tar(out -> {
          file(out, "./before", "1");
          file(out, deep, "deep");
        });
    ByteArrayOutputStream packed = new ByteArrayOutputStream();
    try (GZIPOutputStream gzip = new GZIPOutputStream(packed)) {
      gzip.write(body);
    }

    JsonNode plain = ok(putTar(body));
    JsonNode zipped = ok(putTar(packed.toByteArray()));
    JsonNode declared = ok(putTar(packed.toByteArray(), "Content-Encoding", "gzip"));

    assertThat(plain.path("files").longValue()).isEqualTo(2);
    assertThat(zipped.path("parent")).isEqualTo(plain.path("id"));
    assertThat(declared.path("files").longValue()).isEqualTo(2);
    List<String> names = new ArrayList<>();
    HttpResponse<InputStream> back =
        server.open(server.request(REPOS + "/tars/commits/master/tar?path=/in"));
    try (TarArchiveInputStream tar = new TarArchiveInputStream(back.body(), "UTF-8")) {
      for (TarArchiveEntry e = tar.getNextEntry(); e != null; e = tar.getNextEntry()) {
        names.add(e.getName() + "=" + new String(tar.readAllBytes(), StandardCharsets.UTF_8));
      }
    }
    assertThat(names).containsExactlyInAnyOrder("before=1", deep + "=deep");
  }

  @Test
  void hostileTarsAreRefusedWithTheNameAndChangeNothing() throws Exception {
    ok(putTar(tar(out -> file(out, "before", "1"))));
    String head = ok(server.get(REPOS + "/tars/commits/master")).path("id").stringValue();
    assertThat(head).hasSize(32);
    List<byte[]> hostile =
        List.of(
            tar(out -> file(out, "/etc/passwd", "x")),
            tar(out -> file(out, "../x", "x")),
            tar(out -> file(out, "a/../../x", "x")),
            tar(out -> {
              TarArchiveEntry link = new TarArchiveEntry("link", TarConstants.LF_SYMLINK);
              link.setLinkName("/etc/passwd");
              out.putArchiveEntry(link);
              out.closeArchiveEntry();
            }),
            tar(out -> {
              TarArchiveEntry link = new TarArchiveEntry("hard", TarConstants.LF_LINK);
              link.setLinkName("a");
              out.putArchiveEntry(link);
              out.closeArchiveEntry();
            }),
            tar(out -> {
              out.putArchiveEntry(new TarArchiveEntry("device", TarConstants.LF_CHR));
              out.closeArchiveEntry();
            }));
    for (byte[] body : hostile) {
      HttpResponse<String> reply = putTar(body);
      refused(reply, 400, "invalid");
    }
    refused(putTar(TestServer.utf8("x".repeat(3000))), 400, "invalid");
    refused(putTar(tar(out -> file(out, "a", "1")), "Content-Encoding", "gzip"), 400, "invalid");
    refused(putTar(tar(out -> file(out, "a", "1")), "Content-Encoding", "br"), 400, "invalid");

    assertThat(ok(server.get(REPOS + "/tars/commits/master")).path("id").stringValue())
        .isEqualTo(head);
  }

  @Test
  void tarThatBreaksOffChangesNothing() throws Exception {
    byte[] whole = tar(out -> file(out, "broken", "x".repeat(5000)));
    byte[] half = java.util.Arrays.copyOf(whole, 2000);

    refused(putTar(half), 400, "invalid");

    refused(server.get(REPOS + "/tars/commits/master/file?path=in/broken"), 404, "not_found");
  }

  @Test
  void longNamesThatWouldFillTheMemoryAreRefused() throws Exception {
    byte[] header = new byte[512];
    TarArchiveEntry entry = new TarArchiveEntry("././@LongLink", TarConstants.LF_GNUTYPE_LONGNAME);
    entry.setSize(1L << 30);
    entry.writeEntryHeader(header);
    InputStream body =
        new java.io.SequenceInputStream(new ByteArrayInputStream(header), new Repeated(64 << 20));

    HttpResponse<String> reply =
        server.send(
            server
                .request(REPOS + "/tars/commits/master/tar")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> body)));

    refused(reply, 400, "invalid");
    assertThat(reply.body()).contains("headers of at most 4 MiB");
  }

  /// So many bytes of `x`.
  private static final class Repeated extends InputStream {
    private long left;

    Repeated(long left) {
      this.left = left;
    }

    @Override
    public int read() {
      return left-- > 0 ? 'x' : -1;
    }

    @Override
    public int read(byte[] bytes, int offset, int length) {
      if (left <= 0) {
        return -1;
      }
      int count = (int) Math.min(length, left);
      java.util.Arrays.fill(bytes, offset, offset + count, (byte) 'x');
      left -= count;
      return count;
    }
  }
}
