package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Unchanged;
import dev.dassie.pipeline.secret.AccessKey;
import dev.dassie.pipeline.secret.AccessKeyStore;
import dev.dassie.pipeline.secret.SecretBox;
import dev.dassie.version.Call;
import dev.dassie.version.Page;
import dev.dassie.version.Reply;
import dev.dassie.version.Versions;
import java.nio.file.Path;
import java.util.Optional;

/// The access keys of the S3 API. Thread-safe.
public final class AccessKeys {
  private static final int MAX_LIST = 10_000;

  /// Keys in use whose seals were opened.
  private static final int KEPT = 256;

  /// The answer names the key alone: a repeat reads the secret where it is kept.
  private static final Reply<String> ID = Reply.TEXT;

  private final Versions versions;
  private final AccessKeyStore store;
  private final Unchanged<String, Optional<AccessKeyStore.Opened>> opened;

  /// @param keyFile holds the key that all secrets are encrypted with
  public AccessKeys(Versions versions, Path keyFile) {
    this.versions = versions;
    this.store = new AccessKeyStore(new SecretBox(keyFile));
    this.opened = new Unchanged<>(versions.metadata(), KEPT);
  }

  /// Makes a key of whoever calls. Its secret is told here and, to the S3 API, by [#find] alone.
  public AccessKeyStore.Opened create(Call call) {
    String id = versions.change(call, ID, change -> store.create(change).id());
    return find(id)
        .orElseThrow(() -> new Fault.NotFound("access key", id, Optional.empty()).asException());
  }

  /// The key of an id with its secret.
  public Optional<AccessKeyStore.Opened> find(String id) {
    return opened.get(id, rows -> store.open(rows, id));
  }

  /// Keys by id, without their secrets; the limit is 1 to 10,000.
  public Page<AccessKey> list(String cursor, int limit) {
    if (limit < 1 || limit > MAX_LIST) {
      throw new Fault.Invalid("The limit", Integer.toString(limit), "1 to 10,000").asException();
    }
    return versions.metadata().read(rows -> AccessKeyStore.list(rows, cursor, limit));
  }

  /// Deletes a key; what it signs is refused from then on.
  public void delete(Call call, String id) {
    Boolean _ =
        versions.change(
            call,
            Reply.DONE,
            change -> {
              store.delete(change, id);
              return true;
            });
  }
}
