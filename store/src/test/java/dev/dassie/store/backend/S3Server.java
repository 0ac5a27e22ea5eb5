package dev.dassie.store.backend;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.gaul.s3proxy.AccessGrant;
import org.gaul.s3proxy.S3Proxy;
import org.gaul.s3proxy.auth.AuthenticationType;
import org.gaul.s3proxy.blobstore.BlobStore;
import org.gaul.s3proxy.nio2blob.FilesystemNio2BlobStore;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.services.s3.model.ListObjectsV2Request;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// A real S3 server of this test run: S3Proxy over a temporary folder, which checks signatures.
/// Thread-safe.
public final class S3Server {
  /// What it accepts; the tests of this module have them in their environment.
  public static final String ACCESS_KEY = "dassie-test-key";

  public static final String SECRET_KEY = "dassie-test-secret";

  private static final AtomicInteger BUCKETS = new AtomicInteger();

  private final BlobStore blobs;
  private final S3Proxy proxy;

  /// Each access key that is accepted, and its secret.
  private final Map<String, String> keys = new ConcurrentHashMap<>(Map.of(ACCESS_KEY, SECRET_KEY));

  private S3Server(BlobStore blobs, S3Proxy proxy) {
    this.blobs = blobs;
    this.proxy = proxy;
    proxy.setBlobStoreLocator((key, bucket, object) -> grant(key));
  }

  /// Without a grant it answers `InvalidAccessKeyId`.
  private @Nullable AccessGrant grant(String key) {
    String secret = keys.get(key);
    return secret == null ? null : new AccessGrant(secret, blobs);
  }

  /// From now on accepts this key and no other.
  public void accept(String key, String secret) {
    keys.put(key, secret);
    keys.keySet().retainAll(Set.of(key));
  }

  /// One for all tests of this JVM; it ends with it.
  public static S3Server shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final S3Server SERVER = start();
  }

  /// Starts one on a free port.
  public static S3Server start() {
    try {
      Path folder = Files.createTempDirectory("dassie-s3");
      BlobStore blobs = new FilesystemNio2BlobStore(folder.toString());
      S3Proxy proxy =
          S3Proxy.builder()
              .blobStore(blobs)
              .endpoint(URI.create("http://127.0.0.1:0"))
              .awsAuthentication(AuthenticationType.AWS_V4, ACCESS_KEY, SECRET_KEY)
              .build();
      proxy.start();
      Runtime.getRuntime().addShutdownHook(new Thread(() -> remove(folder)));
      return new S3Server(blobs, proxy);
    } catch (Exception e) {
      throw new IllegalStateException("the S3 server did not start", e);
    }
  }

  private static void remove(Path folder) {
    try {
      new ProcessBuilder("rm", "-rf", folder.toString()).start().waitFor();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  public int port() {
    return proxy.getPort();
  }

  /// Makes an empty bucket and returns its name.
  public String newBucket() {
    String name = "bucket-" + BUCKETS.incrementAndGet();
    blobs.createContainer(name);
    return name;
  }

  /// Deletes a bucket with all that is in it.
  public void deleteBucket(String name) {
    blobs.clearContainer(ListObjectsV2Request.builder().bucket(name).build());
    blobs.deleteContainer(name);
  }

  /// Puts an object as any other tool would.
  public void put(String bucket, String key, String text) {
    byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
    blobs.putBlob(
        PutObjectRequest.builder()
            .bucket(bucket)
            .key(key)
            .contentLength((long) bytes.length)
            .build(),
        new ByteArrayInputStream(bytes));
  }
}
