package dev.dassie.server;

import dev.dassie.api.Json;
import dev.dassie.content.ObjectStore;
import dev.dassie.version.Page;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// What `/api/v1/status` says. Counting repos and packs costs as much as there are; nothing asks
/// for it in a loop. Thread-safe.
final class Vitals {
  private static final int PAGE = 1000;

  private final Home home;
  private final Versions versions;
  private final ObjectStore objects;
  private final Instant started = Instant.now();

  Vitals(Home home, Versions versions, ObjectStore objects) {
    this.home = home;
    this.versions = versions;
    this.objects = objects;
  }

  ObjectNode status() {
    ObjectNode status =
        Json.object()
            .put("version", Build.CURRENT.version())
            .put("home", home.folder().toString())
            .put("pid", ProcessHandle.current().pid())
            .put("uptime_s", Duration.between(started, Instant.now()).toSeconds());
    status.putObject("counts").put("repos", repos());
    storage(status.putObject("storage"));
    return status;
  }

  private long repos() {
    long count = 0;
    Optional<String> next = Optional.of("");
    while (next.isPresent()) {
      Page<Repo> page =
          versions.repos(Optional.empty(), Optional.of(RepoName.Type.USER), next.get(), PAGE);
      count += page.items().size();
      next = page.next();
    }
    return count;
  }

  private void storage(ObjectNode storage) {
    long packs = 0;
    long bytes = 0;
    List<String> keys = objects.list("packs/", "", PAGE);
    while (!keys.isEmpty()) {
      for (String key : keys) {
        bytes += objects.size(key);
        packs++;
      }
      keys = objects.list("packs/", keys.getLast(), PAGE);
    }
    storage.put("packs", packs).put("bytes", bytes);
  }
}
