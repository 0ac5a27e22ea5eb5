package dev.dassie.cli.file;

import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;

/// Temporary files for sources whose size must be known before they are sent: a tar states it ahead
/// of the bytes. For one thread; closing removes them.
final class Spool implements AutoCloseable {
  private final Session session;
  private final List<Path> files = new ArrayList<>();

  Spool(Session session) {
    this.session = session;
  }

  /// The bytes of standard input or of a URL, as a file.
  Path keep(Source source) throws IOException, InterruptedException {
    Path file = Files.createTempFile("dassie", ".part");
    files.add(file);
    switch (source) {
      case Source.Local local ->
          Files.copy(local.path(), file, StandardCopyOption.REPLACE_EXISTING);
      case Source.Input _ -> Files.copy(session.input(), file, StandardCopyOption.REPLACE_EXISTING);
      case Source.Remote remote -> {
        HttpClient client = client();
        try (InputStream bytes = remote.open(client).bytes()) {
          Files.copy(bytes, file, StandardCopyOption.REPLACE_EXISTING);
        } finally {
          client.shutdownNow();
        }
      }
    }
    return file;
  }

  /// A client for the outside world, with real TLS.
  static HttpClient client() {
    return HttpClient.newBuilder()
        .followRedirects(HttpClient.Redirect.NORMAL)
        .connectTimeout(Duration.ofSeconds(30))
        .build();
  }

  @Override
  public void close() throws IOException {
    for (Path file : files) {
      Files.deleteIfExists(file);
    }
  }
}
