package dev.dassie.acceptance;

import dev.dassie.acceptance.KillCalls.Request;
import dev.dassie.api.Json;
import java.util.function.Supplier;
import tools.jackson.databind.JsonNode;

/// The transactions of one [KillClient]: files go to a branch in each of two repos, and a
/// transaction then moves another branch in each to them. So both show the same file, always. For
/// one thread.
final class KillTransaction {
  private static final String ALL = "/transactions";

  private final int number;
  private final Supplier<byte[]> bytes;

  /// Calls of this round that were acknowledged.
  private int done;

  private byte[] staged = {};
  private String id = "";

  KillTransaction(int number, Supplier<byte[]> bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /// The branches that it moves, and that nobody else does.
  static String[] branches(int number) {
    return new String[] {"data@both" + number, "feed@both" + number};
  }

  /// The next call.
  ///
  /// @param drop whether a transaction that is ready is dropped, so that nothing happens
  Request next(String key, boolean drop) {
    return switch (done) {
      case 0 -> {
        byte[] fresh = bytes.get();
        yield put(key, "data", fresh);
      }
      case 1 -> put(key, "feed", staged);
      case 2 -> request(key, "POST", ALL, Json.object());
      case 3 -> request(key, "POST", ALL + "/" + id + "/steps", move("data"));
      case 4 -> request(key, "POST", ALL + "/" + id + "/steps", move("feed"));
      default -> drop ? drop(key) : finish(key);
    };
  }

  private Request put(String key, String repo, byte[] body) {
    String file = KillCalls.file(repo + "@staged" + number, "/v");
    return new Request(
        key,
        "PUT",
        file,
        body,
        after -> {},
        reply -> {
          staged = body;
          done++;
        });
  }

  private JsonNode move(String repo) {
    return Json.object()
        .put("kind", "create_branch")
        .put("repo", repo)
        .put("branch", "both" + number)
        .put("head", "staged" + number);
  }

  private Request request(String key, String method, String target, JsonNode body) {
    return new Request(
        key,
        method,
        target,
        KillCalls.body(body),
        after -> {},
        reply -> {
          id = done == 2 ? reply.path("id").asString() : id;
          done++;
        });
  }

  private Request drop(String key) {
    return new Request(key, "DELETE", ALL + "/" + id, new byte[0], after -> {}, reply -> done = 0);
  }

  private Request finish(String key) {
    byte[] file = staged;
    return new Request(
        key,
        "POST",
        ALL + "/" + id + "/finish",
        new byte[0],
        after -> {
          for (String branch : branches(number)) {
            after.put(branch + ":/v", file);
          }
        },
        reply -> done = 0);
  }
}
