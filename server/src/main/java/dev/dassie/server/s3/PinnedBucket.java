package dev.dassie.server.s3;

import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.FileWriter;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import dev.dassie.version.multipart.Multiparts;
import java.util.Optional;

/// An input of a job: one commit, whatever its branch does meanwhile, and nothing else of its repo.
record PinnedBucket(String text, ReadView pinned) implements Bucket {
  @Override
  public Optional<ReadView> view() {
    return Optional.of(pinned);
  }

  @Override
  public ReadView version(String id, String key) {
    Bucket.checkVersion(id);
    if (!id.equals(pinned.commit().name().id().value())) {
      throw Bucket.noVersion(
          id,
          key,
          "The input `%s` of this job is the commit `%s` alone."
              .formatted(text, pinned.commit().name().id()));
    }
    return pinned;
  }

  @Override
  public boolean hasHistory() {
    return false;
  }

  @Override
  public BranchName writable() {
    throw Bucket.readOnly(text, "an input of this job");
  }

  @Override
  public FileWriter writer(Call call) {
    throw Bucket.readOnly(text, "an input of this job");
  }

  @Override
  public Versions versions() {
    throw Bucket.readOnly(text, "an input of this job");
  }

  @Override
  public Multiparts multiparts() {
    throw Bucket.readOnly(text, "an input of this job");
  }
}
