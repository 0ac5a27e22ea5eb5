package dev.dassie.server.s3;

import dev.dassie.Dassie;
import dev.dassie.job.bucket.Grant;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.util.Optional;
import java.util.SortedSet;
import java.util.TreeSet;

/// Which buckets a key may name. Thread-safe.
sealed interface Reach {
  /// The bucket of a name, or `NoSuchBucket`.
  Bucket bucket(String name);

  /// The job whose key it is, if it is one's.
  Optional<Grant> grant();

  /// Refuses to make a bucket with the key of a job; one that is there as Amazon does.
  default void checkMakes(String name) {
    if (grant().isPresent()) {
      Bucket there = bucket(name);
      throw new Refusal(
              Code.BUCKET_ALREADY_OWNED_BY_YOU,
              "The bucket `%s` is there already.".formatted(there.text()))
          .with("BucketName", there.text());
    }
  }

  /// Refuses to delete a bucket with the key of a job.
  default void checkDeletes() {
    if (grant().isPresent()) {
      throw new Refusal(Code.ACCESS_DENIED, "The key is that of a job, which deletes no bucket.");
    }
  }

  /// Every branch, tag and commit.
  record Whole(Dassie dassie) implements Reach {
    @Override
    public Bucket bucket(String name) {
      return RefBucket.open(dassie, name);
    }

    @Override
    public Optional<Grant> grant() {
      return Optional.empty();
    }
  }

  /// What one job may.
  record OfJob(Grant granted) implements Reach {
    @Override
    public Bucket bucket(String name) {
      if (name.equals(Grant.OUT) && granted.writes()) {
        return granted
            .out()
            .map(scratch -> new OutBucket(name, scratch))
            .orElseThrow(() -> new Refusal(Code.ACCESS_DENIED, "The code of this job has ended."));
      }
      return Optional.ofNullable(granted.inputs().get(name))
          .map(view -> new PinnedBucket(name, view))
          .orElseThrow(() -> RefBucket.missing(name, "This job has %s.".formatted(buckets())));
    }

    private String buckets() {
      SortedSet<String> names = new TreeSet<>(granted.inputs().keySet());
      if (granted.writes()) {
        names.add(Grant.OUT);
      }
      return "the buckets `%s`".formatted(String.join("`, `", names));
    }

    @Override
    public Optional<Grant> grant() {
      return Optional.of(granted);
    }
  }
}
