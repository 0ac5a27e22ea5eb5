package dev.dassie.store.s3;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.Lock;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.ChecksumAlgorithm;
import software.amazon.awssdk.services.s3.model.CompleteMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.CompletedPart;
import software.amazon.awssdk.services.s3.model.CreateMultipartUploadRequest;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;
import software.amazon.awssdk.services.s3.model.UploadPartRequest;
import software.amazon.awssdk.services.s3.model.UploadPartResponse;

/// Puts files as objects, over others only where that was asked for. Thread-safe.
final class Puts {
  private final Wire wire;
  private final S3Limits limits;
  private final boolean over;

  /// Where the store does not refuse to overwrite, we look first, one at a time for a key.
  private final Lock[] locks = new Lock[64];

  Puts(Wire wire, S3Limits limits) {
    this(wire, limits, false);
  }

  /// @param over whether an object that is there is replaced
  Puts(Wire wire, S3Limits limits, boolean over) {
    this.over = over;
    this.wire = wire;
    this.limits = limits;
    for (int i = 0; i < locks.length; i++) {
      locks[i] = new ReentrantLock();
    }
  }

  void put(String key, Path file, long size) throws IOException {
    String upload = UUID.randomUUID().toString();
    if (over || wire.address().conditionalPut()) {
      send(key, file, size, upload);
      return;
    }
    Lock lock = locks[Math.floorMod(key.hashCode(), locks.length)];
    lock.lock();
    try {
      if (wire.head(key).isPresent()) {
        throw taken(key);
      }
      send(key, file, size, upload);
    } finally {
      lock.unlock();
    }
  }

  private void send(String key, Path file, long size, String upload) throws IOException {
    try {
      if (size <= limits.whole()) {
        whole(key, new Piece(file, 0, size, wire.address().checksum()), upload);
      } else {
        inParts(key, file, size, upload);
      }
    } catch (AwsServiceException e) {
      // The answer to an earlier try may have been lost.
      boolean mayBeOurs = Answers.isTaken(e) || Answers.isMissing(e);
      Optional<Wire.Head> there = mayBeOurs ? wire.head(key) : Optional.empty();
      if (there.isEmpty()) {
        throw wire.refused(e);
      }
      if (!there.get().upload().equals(Optional.of(upload))) {
        throw taken(key);
      }
    }
  }

  private @Nullable String condition() {
    return wire.address().conditionalPut() && !over ? "*" : null;
  }

  private void whole(String key, Piece piece, String upload) {
    PutObjectRequest request =
        PutObjectRequest.builder()
            .bucket(wire.bucket())
            .key(wire.path(key))
            .contentLength(piece.length())
            .ifNoneMatch(condition())
            .contentMD5(piece.md5())
            .checksumCRC32C(piece.crc32c())
            .metadata(Map.of(Wire.UPLOAD, upload))
            .build();
    AtomicBoolean again = new AtomicBoolean();
    Optional<String> there =
        wire.call((s3, progress) -> {
          // A store that refuses before it has read the body may end the connection, and its
          // answer is lost with it.
          Optional<String> made = again.getAndSet(true) ? madeBy(s3, key) : Optional.empty();
          if (made.isEmpty()) {
            var _ = s3.putObject(request, piece.body(progress));
          }
          return made;
        });
    if (!there.orElse(upload).equals(upload)) {
      throw taken(key);
    }
  }

  /// The upload that made an object that is there; the empty text where it does not say. What else
  /// is the matter the put is told too, and in more words.
  private Optional<String> madeBy(S3Client s3, String key) {
    try {
      HeadObjectResponse head = s3.headObject(r -> r.bucket(wire.bucket()).key(wire.path(key)));
      return Optional.of(head.metadata().getOrDefault(Wire.UPLOAD, ""));
    } catch (AwsServiceException e) {
      return Optional.empty();
    }
  }

  private void inParts(String key, Path file, long size, String upload) throws IOException {
    CreateMultipartUploadRequest.Builder create =
        CreateMultipartUploadRequest.builder()
            .bucket(wire.bucket())
            .key(wire.path(key))
            .metadata(Map.of(Wire.UPLOAD, upload));
    if (wire.address().checksum() == S3Address.Checksum.CRC32C) {
      create.checksumAlgorithm(ChecksumAlgorithm.CRC32_C);
    }
    String id = wire.call((s3, progress) -> s3.createMultipartUpload(create.build())).uploadId();
    boolean done = false;
    try {
      List<CompletedPart> parts = parts(key, file, size, id);
      // Not every store that honours the condition for a whole object does so for parts.
      if (!over && wire.head(key).isPresent()) {
        throw taken(key);
      }
      complete(key, id, parts);
      done = true;
    } finally {
      if (!done) {
        abort(key, id);
      }
    }
  }

  private void complete(String key, String id, List<CompletedPart> parts) {
    CompleteMultipartUploadRequest request =
        CompleteMultipartUploadRequest.builder()
            .bucket(wire.bucket())
            .key(wire.path(key))
            .uploadId(id)
            .ifNoneMatch(condition())
            .multipartUpload(m -> m.parts(parts))
            .build();
    try {
      var _ = wire.call((s3, progress) -> s3.completeMultipartUpload(request));
    } catch (AwsServiceException e) {
      if (e.statusCode() != 501) {
        throw e;
      }
      // It knows the condition for whole objects alone.
      CompleteMultipartUploadRequest plain = request.toBuilder().ifNoneMatch(null).build();
      var _ = wire.call((s3, progress) -> s3.completeMultipartUpload(plain));
    }
  }

  /// All parts side by side; how many at once is a matter of all requests together.
  private List<CompletedPart> parts(String key, Path file, long size, String id)
      throws IOException {
    List<Future<CompletedPart>> tasks = new ArrayList<>();
    for (long at = 0; at < size; at += limits.part()) {
      int number = tasks.size() + 1;
      long start = at;
      long length = Math.min(limits.part(), size - at);
      FutureTask<CompletedPart> task =
          new FutureTask<>(() ->
              part(key, new Piece(file, start, length, wire.address().checksum()), id, number));
      tasks.add(task);
      Thread.ofVirtual().name("s3-part").start(task);
    }
    List<CompletedPart> parts = new ArrayList<>();
    try {
      for (Future<CompletedPart> task : tasks) {
        parts.add(task.get());
      }
      return parts;
    } catch (ExecutionException e) {
      throw rethrown(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Unavailable("The object store", "the caller was interrupted").asException();
    } finally {
      tasks.forEach(task -> task.cancel(true));
    }
  }

  private static RuntimeException rethrown(ExecutionException e) throws IOException {
    return switch (e.getCause()) {
      case IOException io -> throw io;
      case AwsServiceException answer -> answer;
      case DassieException refusal -> new DassieException(refusal.fault(), refusal);
      case RuntimeException bug -> bug;
      case Error error -> throw error;
      case null, default -> new IllegalStateException(e);
    };
  }

  private CompletedPart part(String key, Piece piece, String id, int number) {
    UploadPartRequest request =
        UploadPartRequest.builder()
            .bucket(wire.bucket())
            .key(wire.path(key))
            .uploadId(id)
            .partNumber(number)
            .contentLength(piece.length())
            .contentMD5(piece.md5())
            .checksumCRC32C(piece.crc32c())
            .build();
    UploadPartResponse answer =
        wire.call((s3, progress) -> s3.uploadPart(request, piece.body(progress)));
    return CompletedPart.builder()
        .partNumber(number)
        .eTag(answer.eTag())
        .checksumCRC32C(piece.crc32c())
        .build();
  }

  /// What was sent is to go; where that fails too, the bucket's rule for incomplete uploads does
  /// it.
  private void abort(String key, String id) {
    try {
      var _ =
          wire.call((s3, progress) ->
              s3.abortMultipartUpload(
                  r -> r.bucket(wire.bucket()).key(wire.path(key)).uploadId(id)));
    } catch (AwsServiceException | DassieException e) {
      System.getLogger("dassie.store.s3")
          .log(System.Logger.Level.INFO, "an upload in parts was left behind: " + e.getMessage());
    }
  }

  private static RuntimeException taken(String key) {
    return new Fault.AlreadyExists("object", key).asException();
  }
}
