package dev.dassie.acceptance;

import dev.dassie.api.Json;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Calls of a server that may die at any of them. Thread-safe.
final class KillCalls {
  /// One writing call: the key under which it may be repeated, what it does to the files that its
  /// client knows of, and what the client does with the reply.
  record Request(
      String key,
      String method,
      String target,
      byte[] body,
      Consumer<KillModel> effect,
      Consumer<JsonNode> then) {
    @Override
    public String toString() {
      return key + " " + method + " " + target;
    }
  }

  static final String PROJECT = "/projects/default/repos/";

  private final HttpClient http =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
  private final String base;

  KillCalls(String url) {
    base = url + "/api/v1";
  }

  /// The reply; empty where there was none, so that nobody knows whether it was done. A refusal is
  /// a failure of the test.
  Optional<JsonNode> send(Request request) {
    HttpRequest call =
        HttpRequest.newBuilder(URI.create(base + request.target()))
            .header("Idempotency-Key", request.key())
            .header("Dassie-Message", request.key())
            .timeout(Duration.ofSeconds(60))
            .method(request.method(), HttpRequest.BodyPublishers.ofByteArray(request.body()))
            .build();
    HttpResponse<String> reply;
    try {
      reply = http.send(call, HttpResponse.BodyHandlers.ofString());
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
    if (reply.statusCode() == 503) {
      throw new UnavailableException(request + " was refused: " + reply.body());
    }
    if (reply.statusCode() / 100 != 2) {
      throw new AssertionError(request + " was refused: " + reply.statusCode() + reply.body());
    }
    try {
      return Optional.of(reply.body().isBlank() ? Json.object() : Json.parse(reply.body()));
    } catch (IOException e) {
      throw new AssertionError(request + " was answered with " + reply.body(), e);
    }
  }

  /// Sends the call under its key until it is answered, as long as there is no answer or the server
  /// says that it cannot do it now. Any other refusal is a failure of the test.
  JsonNode insist(Request request, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end) {
      try {
        Optional<JsonNode> reply = send(request);
        if (reply.isPresent()) {
          return reply.get();
        }
      } catch (UnavailableException e) {
        // It said so, and that it is worth another try.
      }
      LockSupport.parkNanos(50_000_000);
    }
    throw new AssertionError(request + " was not done in " + atMost);
  }

  /// The document that is there, asked for in the same way.
  JsonNode insist(String target, Duration atMost) {
    long end = System.nanoTime() + atMost.toNanos();
    while (System.nanoTime() < end) {
      try {
        return json(target).orElseThrow();
      } catch (UnavailableException | UncheckedIOException e) {
        LockSupport.parkNanos(50_000_000);
      }
    }
    throw new AssertionError(target + " was not answered in " + atMost);
  }

  /// The server said that it cannot do this now.
  static final class UnavailableException extends RuntimeException {
    private static final long serialVersionUID = 1;

    UnavailableException(String message) {
      super(message);
    }
  }

  /// What is there; empty where there is nothing. Anything else is a failure.
  Optional<byte[]> get(String target) {
    try {
      HttpResponse<byte[]> reply =
          http.send(
              HttpRequest.newBuilder(URI.create(base + target))
                  .timeout(Duration.ofMinutes(2))
                  .build(),
              HttpResponse.BodyHandlers.ofByteArray());
      if (reply.statusCode() == 404) {
        return Optional.empty();
      }
      if (reply.statusCode() == 503) {
        throw new UnavailableException(target);
      }
      if (reply.statusCode() != 200) {
        String body = new String(reply.body(), StandardCharsets.UTF_8);
        throw new AssertionError(target + ": " + reply.statusCode() + " " + body);
      }
      return Optional.of(reply.body());
    } catch (IOException e) {
      throw new UncheckedIOException(target, e);
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  /// The document that is there; empty where there is nothing.
  Optional<JsonNode> json(String target) {
    return get(target)
        .map(bytes -> {
          try {
            return Json.parse(new String(bytes, StandardCharsets.UTF_8));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        });
  }

  /// The target of a file of `repo@branch`.
  static String file(String branch, String path) {
    int at = branch.indexOf('@');
    String repo = branch.substring(0, at);
    return PROJECT + repo + "/commits/" + branch.substring(at + 1) + "/file?path=" + path;
  }

  static byte[] body(JsonNode document) {
    return Json.compact(document).getBytes(StandardCharsets.UTF_8);
  }
}
