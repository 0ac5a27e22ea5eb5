package dev.dassie.store.s3;

import dev.dassie.content.Folders;
import dev.dassie.content.ObjectStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.LongSummaryStatistics;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Response;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Objects in a bucket: the key follows the prefix of the address. An object is written to a local
/// file first and sent when it is whole, in one request or, where it is large, in parts. What is
/// read is kept in a cache on the local disk. Thread-safe; several servers may use a bucket.
///
/// A put is conditional (`If-None-Match: *`), and carries an id: where its answer was lost and the
/// next try finds the object there, the id says whose it is.
public final class S3ObjectStore implements ObjectStore, AutoCloseable {
  /// Keys in one answer to a list; S3 gives no more.
  private static final int PAGE = 1000;

  /// Bytes of the cache of a copy, which is read once, in order.
  private static final long COPY_CACHE = 64L << 20;

  private final S3Address address;
  private final Wire wire;
  private final BlockReads reads;
  private final ReadCache cache;
  private final Path uploads;
  private final AtomicLong sequence = new AtomicLong();

  /// Opens the store, and marks the bucket as one of Dassie's where nobody has yet. One store at a
  /// time may use the folder.
  ///
  /// @param folder on the local disk, for the cache and for what is being written
  /// @param cacheBytes which the cache may take of the disk
  /// @throws DassieException `Unavailable` when the bucket cannot be reached, read or written;
  ///   `Conflict` when a newer Dassie wrote it, or it does not keep what was put from being
  ///   overwritten
  public S3ObjectStore(S3Address address, S3Limits limits, Path folder, long cacheBytes) {
    this(address, limits, () -> DefaultCredentialsProvider.builder().build(), folder, cacheBytes);
  }

  /// @param credentials asked at the start, and again where the store says that they expired
  S3ObjectStore(
      S3Address address,
      S3Limits limits,
      Supplier<AwsCredentialsProvider> credentials,
      Path folder,
      long cacheBytes) {
    this(address, limits, credentials, folder, cacheBytes, Marker::check);
  }

  private S3ObjectStore(
      S3Address address,
      S3Limits limits,
      Supplier<AwsCredentialsProvider> credentials,
      Path folder,
      long cacheBytes,
      Consumer<Marker> look) {
    this.address = address;
    uploads = folder.resolve("uploads");
    try {
      Folders.createDurably(uploads);
      sweep();
    } catch (IOException e) {
      throw failed(e);
    }
    try (Wire first = new Wire(address, limits.atStart(), credentials)) {
      look.accept(new Marker(first));
    }
    wire = new Wire(address, limits, credentials);
    try {
      cache = new ReadCache(folder.resolve("cache"), address.toString(), cacheBytes);
    } catch (RuntimeException e) {
      wire.close();
      throw e;
    }
    reads = new BlockReads(wire, cache);
  }

  /// Opens a copy of a store for reading only: nothing is written to it, and it may be in use.
  ///
  /// @param folder on the local disk, for a cache
  /// @throws DassieException `Unavailable` when the bucket cannot be reached or read; `Invalid`
  ///   where no Dassie put objects beneath the prefix; `Conflict` when a newer one did
  public static S3ObjectStore reading(S3Address address, S3Limits limits, Path folder) {
    return new S3ObjectStore(
        address,
        limits,
        () -> DefaultCredentialsProvider.builder().build(),
        folder,
        COPY_CACHE,
        Marker::expect);
  }

  private void sweep() throws IOException {
    try (DirectoryStream<Path> left = Files.newDirectoryStream(uploads)) {
      for (Path file : left) {
        Files.deleteIfExists(file);
      }
    }
  }

  @Override
  public Upload upload() {
    Path file = uploads.resolve(Long.toString(sequence.incrementAndGet()));
    try {
      return new S3Upload(this, file);
    } catch (IOException e) {
      throw failed(e);
    }
  }

  @Override
  public ByteBuffer read(String key, long offset, int length) {
    ObjectStore.checkKey(key);
    if (length == 0) {
      long _ = size(key);
      return ByteBuffer.allocate(0);
    }
    return reads.read(key, offset, length);
  }

  @Override
  public long size(String key) {
    ObjectStore.checkKey(key);
    return wire.head(key).map(Wire.Head::size).orElseThrow(() -> missing(key));
  }

  @Override
  public List<String> list(String prefix, String after, int limit) {
    List<String> keys = new ArrayList<>();
    scan(prefix, after, limit, object -> keys.add(key(object)));
    return keys;
  }

  /// The sizes come with the list.
  @Override
  public Usage usage(String prefix) {
    LongSummaryStatistics sizes = new LongSummaryStatistics();
    scan(prefix, "", Integer.MAX_VALUE, object -> sizes.accept(object.size()));
    return new Usage(sizes.getCount(), sizes.getSum());
  }

  private void scan(String prefix, String after, int limit, Consumer<S3Object> action) {
    String last = after;
    int found = 0;
    Optional<String> next = Optional.empty();
    do {
      ListObjectsV2Response page = page(prefix, after, limit - found, next);
      for (S3Object object : page.contents()) {
        // Other tools' objects may lie beside ours, and not every dialect knows `start-after`.
        if (isKey(key(object)) && key(object).compareTo(last) > 0 && found < limit) {
          last = key(object);
          found++;
          action.accept(object);
        }
      }
      next = Optional.ofNullable(page.nextContinuationToken()).filter(_ -> page.isTruncated());
    } while (next.isPresent() && found < limit);
  }

  private String key(S3Object object) {
    return object.key().substring(address.prefix().length());
  }

  private ListObjectsV2Response page(
      String prefix, String after, int limit, Optional<String> next) {
    ListObjectsV2Request.Builder request =
        ListObjectsV2Request.builder()
            .bucket(address.bucket())
            .prefix(address.prefix() + prefix)
            .maxKeys(Math.clamp(limit, 1, PAGE));
    if (next.isPresent()) {
      request.continuationToken(next.get());
    } else if (!after.isEmpty()) {
      request.startAfter(address.prefix() + after);
    }
    try {
      return wire.call((client, progress) -> client.listObjectsV2(request.build()));
    } catch (AwsServiceException e) {
      throw wire.refused(e);
    }
  }

  private static boolean isKey(String key) {
    try {
      ObjectStore.checkKey(key);
      return true;
    } catch (DassieException e) {
      return false;
    }
  }

  @Override
  public void delete(String key) {
    ObjectStore.checkKey(key);
    cache.forget(key);
    wire.delete(key);
    // What another thread read meanwhile.
    cache.forget(key);
  }

  /// Sends a file as an object. Small ones are often read soon.
  void send(Path file, long size, String key) {
    ObjectStore.checkKey(key);
    try {
      wire.put(key, file, size);
      if (size > 0 && size <= ReadCache.BLOCK) {
        cache.put(key, 0, ByteBuffer.wrap(Files.readAllBytes(file)));
      }
    } catch (IOException e) {
      throw failed(e);
    }
  }

  static RuntimeException missing(String key) {
    return new Fault.NotFound("object", key, Optional.empty()).asException();
  }

  RuntimeException failed(IOException cause) {
    return ObjectStore.translate(uploads.toString(), cause);
  }

  @Override
  public String toString() {
    return address.toString();
  }

  @Override
  public void close() {
    cache.close();
    wire.close();
  }
}
