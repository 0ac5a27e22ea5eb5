package dev.dassie.acceptance;

import dev.dassie.acceptance.KillCalls.Request;
import dev.dassie.api.Json;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// A client that writes until its server dies, and knows what was acknowledged. Of the one call
/// whose reply it did not get it knows nothing, until it repeats it with the same key. Its files
/// lie in folders of its own: on `master` and `together`, to which all clients write, and on
/// branches of its own. Used by one thread at a time.
final class KillClient implements Runnable {
  private static final byte[] NOTHING = new byte[0];
  private static final String DATA = KillCalls.PROJECT + "data/";

  private final KillCalls calls;
  private final int number;
  private final Random random;
  private final Acknowledgements acknowledgements;

  private KillModel model = new KillModel();
  private Optional<Request> unanswered = Optional.empty();
  private int count;

  /// The open commit on the branch that only this client writes to.
  private Optional<String> openCommit = Optional.empty();

  /// Whether the head of `together` is open; the client that opens it is the one that finishes it.
  private boolean together;

  private final KillTransaction transaction;

  /// What is on the side branch, to be merged, once there is one.
  private Optional<NavigableMap<String, byte[]>> side = Optional.empty();

  private final List<String> sideCommits = new ArrayList<>();

  /// Ids of the commits of the branch from which commits are removed, and what each one holds.
  private final List<String> undoIds = new ArrayList<>();

  private final List<byte[]> undoBytes = new ArrayList<>();

  KillClient(KillCalls calls, int number, long seed, Acknowledgements acknowledgements) {
    this.calls = calls;
    this.number = number;
    this.random = new Random(seed);
    this.transaction = new KillTransaction(number, () -> bytes(false));
    this.acknowledgements = acknowledgements;
  }

  /// Writes until the server is gone.
  @Override
  public void run() {
    while (unanswered.isEmpty()) {
      send(next());
    }
  }

  private void send(Request request) {
    Optional<JsonNode> reply = calls.send(request);
    unanswered = reply.isEmpty() ? Optional.of(request) : Optional.empty();
    if (reply.isPresent()) {
      request.effect().accept(model);
      request.then().accept(reply.get());
      acknowledgements.add();
    }
  }

  private Request next() {
    return switch (random.nextInt(29)) {
      case 0, 1, 2, 3 -> put("data@master", folder("c"), true);
      case 4 -> putTree();
      case 5, 6 -> delete();
      case 7, 8, 9, 10, 11 -> ownCommit();
      case 12, 13, 14, 15 -> put("data@together", folder("t"), false);
      case 16 -> number == 0 ? endsOfTogether() : put("data@together", folder("t"), false);
      case 17, 18, 19 -> merging();
      case 20, 21 -> undoing();
      case 22 -> scratch();
      case 23, 24, 25, 26, 27 -> transaction.next(key(), random.nextInt(4) == 0);
      default -> put("feed@master", folder("i"), false);
    };
  }

  private String folder(String letter) {
    return "/" + letter + number + "/";
  }

  private String key() {
    return "c" + number + "-" + count++;
  }

  private static Request request(
      String key, String method, String target, byte[] body, Consumer<KillModel> effect) {
    return new Request(key, method, target, body, effect, reply -> {});
  }

  private Request put(String branch, String folder, boolean counted) {
    String path = folder + "f" + random.nextInt(20);
    byte[] bytes = bytes(branch.startsWith("feed"));
    String key = key();
    return request(
        key,
        "PUT",
        KillCalls.file(branch, path),
        bytes,
        after -> {
          after.put(branch + ":" + path, bytes);
          if (counted) {
            after.commits.add(key);
          }
        });
  }

  /// Several files, all or none.
  private Request putTree() {
    String folder = folder("c") + "d" + random.nextInt(3) + "/";
    NavigableMap<String, byte[]> files = new TreeMap<>();
    for (int i = 2 + random.nextInt(8); i > 0; i--) {
      files.put("g" + random.nextInt(20), bytes(false));
    }
    String key = key();
    return request(
        key,
        "POST",
        DATA + "commits/master/tar?path=" + folder,
        Tar.of(files),
        after -> {
          files.forEach((name, bytes) -> after.put("data@master:" + folder + name, bytes));
          after.commits.add(key);
        });
  }

  private Request delete() {
    String place = "data@master:" + folder("c");
    List<String> there = model.files.keySet().stream().filter(f -> f.startsWith(place)).toList();
    if (there.isEmpty()) {
      return put("data@master", folder("c"), true);
    }
    String chosen = there.get(random.nextInt(there.size()));
    String key = key();
    return request(
        key,
        "DELETE",
        KillCalls.file("data@master", chosen.substring(chosen.indexOf(':') + 1)),
        NOTHING,
        after -> {
          after.files.remove(chosen);
          after.commits.add(key);
        });
  }

  /// A commit on a branch of its own: opened, written to by its id, finished.
  private Request ownCommit() {
    if (openCommit.isEmpty()) {
      byte[] body = KillCalls.body(Json.object().put("branch", "own" + number));
      return new Request(
          key(),
          "POST",
          DATA + "commits",
          body,
          after -> {},
          reply -> openCommit = Optional.of(reply.path("id").asString()));
    }
    if (random.nextInt(6) == 0) {
      return new Request(
          key(),
          "POST",
          DATA + "commits/" + openCommit.get() + "/finish",
          NOTHING,
          after -> {},
          reply -> openCommit = Optional.empty());
    }
    String path = "/f" + random.nextInt(20);
    byte[] bytes = bytes(false);
    return request(
        key(),
        "PUT",
        KillCalls.file("data@" + openCommit.get(), path),
        bytes,
        after -> after.put("data@own" + number + ":" + path, bytes));
  }

  /// The commit that all clients write to by the name of its branch.
  private Request endsOfTogether() {
    boolean finish = together;
    return new Request(
        key(),
        "POST",
        DATA + "commits" + (finish ? "/together/finish" : ""),
        finish ? NOTHING : KillCalls.body(Json.object().put("branch", "together")),
        after -> {},
        reply -> together = !finish);
  }

  /// A branch off `master`, files on it, and a merge back, while others move `master`.
  private Request merging() {
    String branch = "side" + number;
    if (side.isEmpty()) {
      sideCommits.clear();
      return new Request(
          key(),
          "PUT",
          DATA + "branches/" + branch,
          KillCalls.body(Json.object().put("head", "data@master")),
          after -> {},
          reply -> side = Optional.of(new TreeMap<>()));
    }
    NavigableMap<String, byte[]> files = side.get();
    String key = key();
    if (files.isEmpty() || random.nextBoolean()) {
      String path = folder("m") + "f" + random.nextInt(20);
      byte[] bytes = bytes(false);
      return new Request(
          key,
          "PUT",
          KillCalls.file("data@" + branch, path),
          bytes,
          after -> {},
          reply -> {
            files.put(path, bytes);
            sideCommits.add(key);
          });
    }
    return new Request(
        key,
        "POST",
        DATA + "branches/master/merge",
        KillCalls.body(Json.object().put("from", branch)),
        after -> files.forEach((path, bytes) -> after.put("data@master:" + path, bytes)),
        reply -> merged(key, reply.path("outcome").asString()));
  }

  private void merged(String key, String outcome) {
    switch (outcome) {
      case "committed" -> model.commits.add(key);
      case "fast_forward" -> model.commits.addAll(sideCommits);
      default -> throw new AssertionError(key + " merged nothing: " + outcome);
    }
    side = Optional.empty();
  }

  /// Commits on a branch of its own; the newest is deleted, or one behind it squashed.
  private Request undoing() {
    String branch = "data@undo" + number;
    String place = branch + ":/u";
    int last = undoIds.size() - 1;
    if (last < 2 || random.nextInt(3) == 0) {
      byte[] bytes = bytes(false);
      return new Request(
          key(),
          "PUT",
          KillCalls.file(branch, "/u"),
          bytes,
          after -> after.put(place, bytes),
          reply -> {
            undoIds.add(reply.path("id").asString());
            undoBytes.add(bytes);
          });
    }
    int chosen = random.nextBoolean() ? last : last - 1;
    boolean newest = chosen == last;
    String target = DATA + "commits/" + undoIds.get(chosen);
    return new Request(
        key(),
        newest ? "DELETE" : "POST",
        newest ? target : target + "/squash",
        NOTHING,
        after -> {
          if (newest) {
            after.put(place, undoBytes.get(last - 1));
          }
        },
        reply -> {
          undoIds.remove(chosen);
          undoBytes.remove(chosen);
        });
  }

  /// A repo that comes and goes with its bytes.
  private Request scratch() {
    String repo = "scratch" + number;
    if (!model.files.containsKey(repo)) {
      byte[] body = KillCalls.body(Json.object().put("name", repo));
      String all = "/projects/default/repos";
      return request(key(), "POST", all, body, after -> after.put(repo, NOTHING));
    }
    String place = repo + "@master:/big";
    if (!model.files.containsKey(place)) {
      byte[] bytes = new byte[400_000 + random.nextInt(400_000)];
      random.nextBytes(bytes);
      return request(
          key(),
          "PUT",
          KillCalls.file(repo + "@master", "/big"),
          bytes,
          after -> after.put(place, bytes));
    }
    return request(
        key(),
        "DELETE",
        KillCalls.PROJECT + repo,
        NOTHING,
        after -> {
          after.files.remove(repo);
          after.files.remove(place);
        });
  }

  /// Inline, one chunk, or several.
  private byte[] bytes(boolean small) {
    int kind = small ? 19 : random.nextInt(20);
    int length =
        switch (kind) {
          case 0 -> 300_000 + random.nextInt(700_000);
          case 1, 2, 3, 4, 5, 6, 7, 8, 9 -> random.nextInt(120);
          default -> random.nextInt(small ? 200 : 9000);
        };
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    return bytes;
  }

  /// All that was acknowledged is there, and of the call that was not, all or nothing.
  void verifyBeforeRepeat() {
    NavigableMap<String, ByteBuffer> found = KillObservation.of(calls, number);
    KillModel after = model.copy();
    unanswered.ifPresent(request -> request.effect().accept(after));
    if (!found.equals(model.files) && !found.equals(after.files)) {
      throw new AssertionError(
          "client %d, unanswered %s: neither%s%n nor%s"
              .formatted(
                  number,
                  unanswered,
                  KillModel.differences(found, model.files),
                  KillModel.differences(found, after.files)));
    }
  }

  /// Repeats the call whose reply was lost; then all of it is there.
  void settle() {
    Request request = unanswered.orElseThrow();
    send(request);
    if (unanswered.isPresent()) {
      throw new AssertionError("the server did not answer: " + request);
    }
    NavigableMap<String, ByteBuffer> found = KillObservation.of(calls, number);
    if (!found.equals(model.files)) {
      throw new AssertionError(
          "after %s:%s".formatted(request, KillModel.differences(found, model.files)));
    }
  }

  /// Keys of all calls of this client that made a commit in the history of `master`.
  List<String> commits() {
    return List.copyOf(model.commits);
  }

  /// What it put for the pipeline to copy, by `place` and path.
  NavigableMap<String, ByteBuffer> fed(String place) {
    String feed = "feed@master:";
    NavigableMap<String, ByteBuffer> fed = new TreeMap<>();
    model.files.forEach((name, bytes) -> {
      if (name.startsWith(feed)) {
        fed.put(place + name.substring(feed.length()), bytes);
      }
    });
    return fed;
  }
}
