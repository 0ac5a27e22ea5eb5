package dev.dassie.store.s3;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.awscore.retry.AwsRetryStrategy;
import software.amazon.awssdk.core.checksums.RequestChecksumCalculation;
import software.amazon.awssdk.core.checksums.ResponseChecksumValidation;
import software.amazon.awssdk.core.exception.SdkClientException;
import software.amazon.awssdk.core.sync.RequestBody;
import software.amazon.awssdk.http.urlconnection.UrlConnectionHttpClient;
import software.amazon.awssdk.regions.Region;
import software.amazon.awssdk.services.s3.S3Client;
import software.amazon.awssdk.services.s3.S3ClientBuilder;
import software.amazon.awssdk.services.s3.S3Configuration;
import software.amazon.awssdk.services.s3.model.GetObjectResponse;
import software.amazon.awssdk.services.s3.model.HeadObjectResponse;
import software.amazon.awssdk.services.s3.model.PutObjectRequest;

/// The requests of S3 that a store of objects needs, each with its tries and limits. Thread-safe.
final class Wire implements AutoCloseable {
  /// Name of the metadata that says which upload made an object.
  static final String UPLOAD = "dassie-upload";

  private static final Pattern CONTENT_RANGE = Pattern.compile("bytes (\\d+)-(\\d+)/(\\d+|\\*)");

  /// Size of an object and the upload that made it, where it says so.
  record Head(long size, Optional<String> upload) {}

  /// One try of a request.
  interface Request<T> {
    T send(S3Client client, Calls.Progress progress) throws Exception;
  }

  private final S3Address address;
  private final S3Client client;
  private final Calls calls;
  private final Puts puts;

  Wire(S3Address address, S3Limits limits, Supplier<AwsCredentialsProvider> source) {
    this.address = address;
    Renewing credentials = new Renewing(source);
    try {
      var _ = credentials.resolveCredentials();
    } catch (SdkClientException e) {
      throw unusable(
          "no credentials were found; it takes them from `AWS_ACCESS_KEY_ID` and"
              + " `AWS_SECRET_ACCESS_KEY`, a profile, or the machine",
          e);
    }
    try {
      client = client(address, limits, credentials);
    } catch (SdkClientException e) {
      throw unusable(
          address.region().isEmpty() && address.endpoint().isEmpty()
              ? "its region is not known; say `?region=NAME` or `AWS_REGION`"
              : String.valueOf(e.getMessage()).lines().findFirst().orElse(""),
          e);
    }
    calls = new Calls(address.toString(), limits, credentials);
    puts = new Puts(this, limits);
  }

  private DassieException unusable(String reason, SdkClientException cause) {
    return new DassieException(
        new Fault.Unavailable("The object store `" + address + "`", reason), cause);
  }

  private static S3Client client(S3Address address, S3Limits limits, Renewing credentials) {
    S3ClientBuilder builder =
        S3Client.builder()
            .credentialsProvider(credentials)
            .httpClientBuilder(
                UrlConnectionHttpClient.builder()
                    .connectionTimeout(limits.connect())
                    .socketTimeout(limits.stall()))
            // Tries are ours; signed chunks and trailing checksums are not known everywhere.
            .overrideConfiguration(o -> o.retryStrategy(AwsRetryStrategy.doNotRetry()))
            .serviceConfiguration(
                S3Configuration.builder()
                    .chunkedEncodingEnabled(false)
                    .pathStyleAccessEnabled(address.pathStyle())
                    .build())
            .requestChecksumCalculation(RequestChecksumCalculation.WHEN_REQUIRED)
            .responseChecksumValidation(ResponseChecksumValidation.WHEN_REQUIRED);
    address.endpoint().ifPresent(builder::endpointOverride);
    address
        .region()
        .or(() -> address.endpoint().map(_ -> "us-east-1"))
        .ifPresent(region -> builder.region(Region.of(region)));
    return builder.build();
  }

  S3Address address() {
    return address;
  }

  String bucket() {
    return address.bucket();
  }

  String path(String key) {
    return address.prefix() + key;
  }

  <T> T call(Request<T> request) {
    return calls.call(progress -> request.send(client, progress));
  }

  /// The refusal for an answer that no caller expects.
  DassieException refused(AwsServiceException e) {
    return new DassieException(Answers.fault(address.toString(), e, 1), e);
  }

  /// Empty where there is no such object. The answer to HEAD has no words, so that a bucket that is
  /// gone looks like an object that is: only a bucket that answers may say so.
  Optional<Head> head(String key) {
    try {
      HeadObjectResponse head =
          call((s3, progress) -> s3.headObject(r -> r.bucket(bucket()).key(path(key))));
      return Optional.of(
          new Head(head.contentLength(), Optional.ofNullable(head.metadata().get(UPLOAD))));
    } catch (AwsServiceException e) {
      if (!Answers.isMissing(e)) {
        throw refused(e);
      }
      checkBucket();
      return Optional.empty();
    }
  }

  private void checkBucket() {
    try {
      var _ = call((s3, progress) -> s3.headBucket(r -> r.bucket(bucket())));
    } catch (AwsServiceException e) {
      throw new DassieException(
          new Fault.Unavailable(
              "The object store `" + address + "`", "the bucket does not exist (any more)"),
          e);
    }
  }

  /// The bytes from `offset` on, `length` at most: fewer where the object ends, none beyond.
  ByteBuffer range(String key, long offset, int length) {
    String range = "bytes=" + offset + "-" + (offset + length - 1);
    try {
      return call((s3, progress) ->
          s3.getObject(
              r -> r.bucket(bucket()).key(path(key)).range(range),
              (answer, body) -> checked(answer, offset, length, body, progress)));
    } catch (AwsServiceException e) {
      if (e.statusCode() == 416) {
        return ByteBuffer.allocate(0);
      }
      throw Answers.isMissing(e) ? S3ObjectStore.missing(key) : refused(e);
    }
  }

  /// Reads a body that is as long as its header and our question say, or fails so that it is asked
  /// for again.
  private static ByteBuffer checked(
      GetObjectResponse answer, long offset, int length, InputStream body, Calls.Progress progress)
      throws IOException {
    Matcher range = CONTENT_RANGE.matcher(Optional.ofNullable(answer.contentRange()).orElse(""));
    if (!range.matches() || Long.parseLong(range.group(1)) != offset) {
      throw new IOException("it answered with another range than was asked for");
    }
    long total = range.group(3).equals("*") ? Long.MAX_VALUE : Long.parseLong(range.group(3));
    int expected = (int) Math.min(length, total - offset);
    ByteBuffer bytes = ByteBuffer.allocate(expected);
    while (bytes.hasRemaining()) {
      int n = body.read(bytes.array(), bytes.position(), bytes.remaining());
      if (n < 0) {
        throw new EOFException(
            "it broke off after %d of %d bytes".formatted(bytes.position(), expected));
      }
      bytes.position(bytes.position() + n);
      progress.moved();
    }
    return bytes.flip();
  }

  /// A small object, at most `most` bytes of it.
  Optional<byte[]> small(String key, int most) {
    if (head(key).isEmpty()) {
      return Optional.empty();
    }
    ByteBuffer bytes = range(key, 0, most);
    byte[] copy = new byte[bytes.remaining()];
    bytes.get(copy);
    return Optional.of(copy);
  }

  /// Puts a small object; false where the condition did not hold.
  boolean putSmall(String key, byte[] bytes, boolean conditional) {
    @Nullable String condition = conditional ? "*" : null;
    PutObjectRequest request =
        PutObjectRequest.builder().bucket(bucket()).key(path(key)).ifNoneMatch(condition).build();
    try {
      var _ = call((s3, progress) -> s3.putObject(request, RequestBody.fromBytes(bytes)));
      return true;
    } catch (AwsServiceException e) {
      if (Answers.isTaken(e)) {
        return false;
      }
      throw e.statusCode() == 501 ? e : refused(e);
    }
  }

  /// Puts a file, durable on return.
  ///
  /// @throws DassieException `AlreadyExists` where there is such an object
  void put(String key, Path file, long size) throws IOException {
    puts.put(key, file, size);
  }

  void delete(String key) {
    try {
      var _ = call((s3, progress) -> s3.deleteObject(r -> r.bucket(bucket()).key(path(key))));
    } catch (AwsServiceException e) {
      if (!Answers.isMissing(e)) {
        throw refused(e);
      }
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
