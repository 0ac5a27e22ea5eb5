package dev.dassie.cli.file;

import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Locale;
import java.util.Optional;
import java.util.OptionalLong;

/// Where bytes for `put file` come from: a local file, standard input, or a URL.
sealed interface Source {
  /// The name that it gives a file whose name is not said; empty for standard input.
  String name();

  /// A file or directory of this machine.
  record Local(Path path) implements Source {
    @Override
    public String name() {
      return Optional.ofNullable(path.normalize().getFileName()).map(Path::toString).orElse("");
    }
  }

  /// Standard input.
  record Input() implements Source {
    @Override
    public String name() {
      return "";
    }
  }

  /// Something to download over `http` or `https`.
  record Remote(URI url) implements Source {
    @Override
    public String name() {
      String path = Optional.ofNullable(url.getPath()).orElse("");
      return path.substring(path.lastIndexOf('/') + 1);
    }

    /// The download, as soon as its head is there. The client is the caller's to close.
    Download open(HttpClient client) throws IOException, InterruptedException {
      HttpRequest request =
          HttpRequest.newBuilder(url).timeout(Duration.ofMinutes(5)).GET().build();
      HttpResponse<InputStream> reply;
      try {
        reply = client.send(request, HttpResponse.BodyHandlers.ofInputStream());
      } catch (IOException e) {
        throw refusal("could not be reached");
      }
      if (reply.statusCode() != 200) {
        reply.body().close();
        throw refusal("answered with HTTP status `%d`".formatted(reply.statusCode()));
      }
      return new Download(reply.body(), reply.headers().firstValueAsLong("Content-Length"));
    }

    private ProblemException refusal(String what) {
      return Problem.of(Problem.FAILED, "The URL `%s` %s.".formatted(url, what), Optional.empty())
          .asException();
    }
  }

  /// Bytes under way, and how many they are where the other side says so.
  record Download(InputStream bytes, OptionalLong length) {}

  /// What the user typed behind `-f`.
  ///
  /// @throws ProblemException when it is a URL of a kind that is not read
  static Source of(String typed, Path folder) {
    if (typed.equals("-")) {
      return new Input();
    }
    String lower = typed.toLowerCase(Locale.ROOT);
    if (lower.startsWith("http://") || lower.startsWith("https://")) {
      return new Remote(uri(typed));
    }
    if (lower.startsWith("file:")) {
      return new Local(Path.of(uri(typed)));
    }
    Path path = folder.resolve(typed);
    if (typed.contains("://") && !Files.exists(path)) {
      throw Problem.invalid(
              "The source is `%s`, expected a file, `-`, or a URL with http, https or file."
                  .formatted(typed))
          .asException();
    }
    return new Local(path);
  }

  private static URI uri(String typed) {
    try {
      return URI.create(typed);
    } catch (IllegalArgumentException e) {
      throw Problem.invalid("The source is `%s`, which is not a well-formed URL.".formatted(typed))
          .asException();
    }
  }
}
