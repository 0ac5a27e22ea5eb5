package dev.dassie.acceptance;

import java.nio.ByteBuffer;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.TreeMap;
import tools.jackson.databind.JsonNode;

/// Everything that the server shows of what one [KillClient] writes, with its bytes.
final class KillObservation {
  private final KillCalls calls;
  private final NavigableMap<String, ByteBuffer> found = new TreeMap<>();

  private KillObservation(KillCalls calls) {
    this.calls = calls;
  }

  static NavigableMap<String, ByteBuffer> of(KillCalls calls, int number) {
    KillObservation all = new KillObservation(calls);
    all.folder("data@master", "/c" + number + "/");
    all.folder("data@master", "/m" + number + "/");
    all.folder("data@own" + number, "/");
    all.folder("data@together", "/t" + number + "/");
    all.folder("data@undo" + number, "/");
    all.folder("feed@master", "/i" + number + "/");
    for (String branch : KillTransaction.branches(number)) {
      all.folder(branch, "/");
    }
    String repo = "scratch" + number;
    if (calls.get(KillCalls.PROJECT + repo).isPresent()) {
      all.found.put(repo, ByteBuffer.allocate(0));
      all.folder(repo + "@master", "/");
    }
    return all.found;
  }

  /// The files of one folder, as it is read.
  static NavigableMap<String, ByteBuffer> files(KillCalls calls, String branch, String folder) {
    KillObservation one = new KillObservation(calls);
    one.folder(branch, folder);
    return one.found;
  }

  private void folder(String branch, String folder) {
    String walk = KillCalls.file(branch, folder).replace("/file?", "/walk?limit=10000&");
    Optional<JsonNode> list = calls.json(walk);
    if (list.isPresent()) {
      for (JsonNode file : list.get().path("items")) {
        String path = file.path("path").asString();
        byte[] bytes = calls.get(KillCalls.file(branch, path)).orElseThrow();
        found.put(branch + ":" + path, ByteBuffer.wrap(bytes));
      }
    }
  }
}
