package dev.dassie.store.backend;

import java.net.URI;
import java.util.concurrent.atomic.AtomicInteger;
import software.amazon.awssdk.auth.credentials.AwsBasicCredentials;
import software.amazon.awssdk.auth.credentials.StaticCredentialsProvider;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.model.S3Object;

/// Buckets on the S3 server that the tests of stores run against: [S3Server], or, with
/// `-Ddassie.s3.endpoint=http://127.0.0.1:7070`, any other that accepts the credentials of
/// [S3Server] and may be given empty buckets with random names. Thread-safe.
public final class Buckets {
  private static final AtomicInteger COUNT = new AtomicInteger();
  private static final String RUN = Long.toString(System.nanoTime(), 36);

  private final URI endpoint;
  private final S3Client client;

  private Buckets(URI endpoint) {
    this.endpoint = endpoint;
    client =
        S3Client.builder()
            .endpointOverride(endpoint)
            .region(Region.US_EAST_1)
            .forcePathStyle(true)
            .httpClient(UrlConnectionHttpClient.create())
            .credentialsProvider(
                StaticCredentialsProvider.create(
                    AwsBasicCredentials.create(S3Server.ACCESS_KEY, S3Server.SECRET_KEY)))
            .build();
  }

  /// Those of all tests of this JVM.
  public static Buckets shared() {
    return Shared.BUCKETS;
  }

  private static final class Shared {
    static final Buckets BUCKETS = new Buckets(endpointOfTests());

    private static URI endpointOfTests() {
      String told = System.getProperty("dassie.s3.endpoint", "");
      return URI.create(told.isEmpty() ? "http://127.0.0.1:" + S3Server.shared().port() : told);
    }
  }

  public URI endpoint() {
    return endpoint;
  }

  public int port() {
    return endpoint.getPort();
  }

  /// Makes an empty bucket and returns its name.
  public String newBucket() {
    String name = "dassie-" + RUN + "-" + COUNT.incrementAndGet();
    var _ = client.createBucket(b -> b.bucket(name));
    return name;
  }

  /// Deletes a bucket with all that is in it.
  public void deleteBucket(String name) {
    for (S3Object object : client.listObjectsV2Paginator(b -> b.bucket(name)).contents()) {
      var _ = client.deleteObject(b -> b.bucket(name).key(object.key()));
    }
    var _ = client.deleteBucket(b -> b.bucket(name));
  }

  /// Puts an object as any other tool would.
  public void put(String bucket, String key, String text) {
    var _ = client.putObject(b -> b.bucket(bucket).key(key), RequestBody.fromString(text));
  }
}
