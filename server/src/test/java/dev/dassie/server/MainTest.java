package dev.dassie.server;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// The server as a process of its own.
class MainTest {
  private static final Duration PATIENCE = Duration.ofSeconds(20);

  @TempDir Path folder;

  private Process start(String... arguments) throws IOException {
    List<String> command = new ArrayList<>();
    command.add(ProcessHandle.current().info().command().orElseThrow());
    command.addAll(List.of("--enable-native-access=ALL-UNNAMED", "-Xmx64m"));
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("dev.dassie.server.Main");
    command.addAll(List.of(arguments));
    ProcessBuilder builder = new ProcessBuilder(command);
    builder.environment().put("DASSIE_HOME", folder.resolve("home").toString());
    builder.redirectErrorStream(true).redirectOutput(folder.resolve("output").toFile());
    return builder.start();
  }

  private Process startAndAwait() throws Exception {
    Path url = folder.resolve("url");
    Process process = start("--port", "0", "--s3-port", "0", "--announce", url.toString());
    long deadline = System.nanoTime() + PATIENCE.toNanos();
    while (!Files.exists(url)) {
      assertThat(process.isAlive()).as(output()).isTrue();
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
    return process;
  }

  private String output() throws IOException {
    return Files.readString(folder.resolve("output"));
  }

  private int ended(Process process) throws InterruptedException {
    assertThat(process.waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)).isTrue();
    return process.exitValue();
  }

  @Test
  void endsSoonAfterATerminationSignalAndStartsAgain() throws Exception {
    Process first = startAndAwait();
    long signalled = System.nanoTime();
    first.destroy();
    ended(first);

    assertThat(Duration.ofNanos(System.nanoTime() - signalled)).isLessThan(Duration.ofSeconds(10));
    Files.delete(folder.resolve("url"));
    Process second = startAndAwait();
    second.destroy();
    ended(second);
  }

  @Test
  void secondServerOnTheFolderIsRefusedInASentence() throws Exception {
    Process first = startAndAwait();

    Process second = start("--port", "0");

    assertThat(ended(second)).isEqualTo(5);
    assertThat(output())
        .contains("Another server (process `%d`) uses the folder".formatted(first.pid()))
        .doesNotContain("\tat ");
    first.destroy();
    ended(first);
  }

  @Test
  void takenPortIsRefusedInASentence() throws Exception {
    try (ServerSocket taken = new ServerSocket(0)) {
      Process process =
          start("--bind", "0.0.0.0", "--port", Integer.toString(taken.getLocalPort()));

      assertThat(ended(process)).isEqualTo(5);
      assertThat(output()).contains("another program has that port").doesNotContain("\tat ");
    }
  }

  @Test
  void unknownFlagIsAUsageError() throws Exception {
    Process process = start("--prot", "1");

    assertThat(ended(process)).isEqualTo(2);
    assertThat(output()).contains("Did you mean `--port`?");
  }

  @Test
  void bodiesLargerThanTheHeapStreamBothWays() throws Exception {
    int size = 150_000_000;
    Process process = startAndAwait();
    String api = Files.readString(folder.resolve("url")).strip() + "/api/v1/projects/default/repos";
    try (HttpClient client = HttpClient.newHttpClient()) {
      HttpRequest repo =
          HttpRequest.newBuilder(URI.create(api))
              .POST(HttpRequest.BodyPublishers.ofString("{\"name\":\"large\"}"))
              .build();
      HttpRequest.Builder file =
          HttpRequest.newBuilder(URI.create(api + "/large/commits/master/file?path=a"));
      HttpRequest put =
          file.copy().PUT(HttpRequest.BodyPublishers.ofInputStream(() -> noise(size))).build();
      client.send(repo, HttpResponse.BodyHandlers.discarding());

      int status = client.send(put, HttpResponse.BodyHandlers.discarding()).statusCode();
      HttpResponse<InputStream> back =
          client.send(file.build(), HttpResponse.BodyHandlers.ofInputStream());

      assertThat(status).isEqualTo(200);
      try (InputStream got = back.body();
          InputStream wanted = noise(size)) {
        byte[] left = wanted.readNBytes(1 << 20);
        while (left.length > 0) {
          assertThat(Arrays.equals(got.readNBytes(left.length), left)).isTrue();
          left = wanted.readNBytes(1 << 20);
        }
        assertThat(got.read()).isEqualTo(-1);
      }
    }
    process.destroy();
    ended(process);
  }

  /// So many bytes that nothing can make smaller, always the same.
  private static InputStream noise(int size) {
    Random random = new Random(1);
    byte[] block = new byte[4096];
    return new InputStream() {
      private int made;

      @Override
      public int read() {
        byte[] one = new byte[1];
        return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
      }

      @Override
      public int read(byte[] bytes, int offset, int length) {
        if (made == size || length == 0) {
          return length == 0 ? 0 : -1;
        }
        int place = made % block.length;
        if (place == 0) {
          random.nextBytes(block);
        }
        int count = Math.min(length, Math.min(block.length - place, size - made));
        System.arraycopy(block, place, bytes, offset, count);
        made += count;
        return count;
      }
    };
  }
}
