package dev.dassie.store.s3;

import dev.dassie.fault.Fault;
import java.io.IOException;
import java.util.Optional;
import java.util.Set;
import software.amazon.awssdk.awscore.exception.AwsErrorDetails;
import software.amazon.awssdk.awscore.exception.AwsServiceException;
import software.amazon.awssdk.core.exception.SdkClientException;

/// What a store's refusals mean. The codes are those of the S3 API reference, "Error responses",
/// and of MinIO and Ceph where they have their own.
final class Answers {
  private static final Set<String> EXPIRED =
      Set.of(
          "ExpiredToken",
          "ExpiredTokenException",
          "TokenRefreshRequired",
          "RequestExpired",
          "InvalidToken",
          "InvalidAccessKeyId");

  /// Worth another try, though the status says that the request was wrong.
  private static final Set<String> PASSING =
      Set.of(
          "RequestTimeout",
          "BadDigest",
          "IncompleteBody",
          "XAmzContentSHA256Mismatch",
          "ConditionalRequestConflict",
          "OperationAborted",
          "Throttling",
          "ThrottlingException",
          "RequestLimitExceeded",
          "TooManyRequests");

  private static final Set<String> FULL =
      Set.of("XMinioStorageFull", "QuotaExceeded", "InsufficientStorage", "EntityTooLargeForQuota");

  /// How the library's sentence begins.
  private static final String NO_CREDENTIALS = "Unable to load credentials";

  private Answers() {}

  static String code(AwsServiceException e) {
    return Optional.ofNullable(e.awsErrorDetails()).map(AwsErrorDetails::errorCode).orElse("");
  }

  private static boolean isExpired(Throwable e) {
    return e instanceof AwsServiceException answer && EXPIRED.contains(code(answer));
  }

  /// Whether other credentials may help: a secret may have been replaced under its key. The answer
  /// to HEAD has no words: a 400 or 403 may be this.
  static boolean mayBeExpired(Throwable e) {
    return isExpired(e)
        || (e instanceof AwsServiceException answer
            && (code(answer).equals("SignatureDoesNotMatch")
                || (code(answer).isEmpty()
                    && (answer.statusCode() == 400 || answer.statusCode() == 403))));
  }

  /// Whether the same request may succeed a little later.
  static boolean isPassing(Throwable e) {
    if (e instanceof AwsServiceException answer) {
      int status = answer.statusCode();
      return mayBeExpired(e)
          || PASSING.contains(code(answer))
          || status == 408
          || status == 429
          || (status >= 500 && status != 501 && status != 507);
    }
    return e instanceof SdkClientException || e instanceof IOException;
  }

  /// Whether the object (or the upload in parts) is not there, and not the whole bucket.
  static boolean isMissing(AwsServiceException e) {
    return e.statusCode() == 404 && !code(e).equals("NoSuchBucket");
  }

  /// Whether an object with that key was there.
  static boolean isTaken(AwsServiceException e) {
    return e.statusCode() == 412;
  }

  /// The refusal for the last of `tries` tries.
  static Fault fault(String store, Throwable e, int tries) {
    if (e instanceof AwsServiceException answer) {
      if (answer.statusCode() == 507 || FULL.contains(code(answer))) {
        return new Fault.Full(store);
      }
      return unavailable(store, reason(answer, tries));
    }
    String text = String.valueOf(e.getMessage()).lines().findFirst().orElse("");
    // The library goes on to tell of every place where it looked.
    return unavailable(
        store,
        text.startsWith(NO_CREDENTIALS)
            ? "no credentials are there (any more)"
            : text + after(tries));
  }

  private static String reason(AwsServiceException e, int tries) {
    String code = code(e);
    String said = code.isEmpty() ? "status " + e.statusCode() : code;
    if (code.equals("NoSuchBucket")) {
      return "the bucket does not exist (any more)";
    }
    if (isExpired(e)) {
      return "the credentials have expired or are not known ("
          + said
          + "); renew them"
          + after(tries);
    }
    if (e.statusCode() == 403) {
      return "it refuses these credentials (" + said + ")" + after(tries);
    }
    if (e.statusCode() == 301
        || e.statusCode() == 307
        || code.startsWith("AuthorizationHeaderMal")) {
      return "the bucket is in another region (" + said + "); say `?region=`";
    }
    String guess = code.isEmpty() && e.statusCode() == 400 ? "; is `?region=` right?" : "";
    return "it answered " + said + after(tries) + guess;
  }

  private static String after(int tries) {
    return tries > 1 ? ", " + tries + " times" : "";
  }

  private static Fault unavailable(String store, String reason) {
    return new Fault.Unavailable("The object store `" + store + "`", reason);
  }
}
