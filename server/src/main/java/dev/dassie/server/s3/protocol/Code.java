package dev.dassie.server.s3.protocol;

/// The errors of S3 that this server gives: the code that clients look at, and its status. Names
/// and statuses are Amazon's ("Error responses" of the S3 API reference) but for the few that are
/// marked.
public enum Code {
  ACCESS_CONTROL_LIST_NOT_SUPPORTED("AccessControlListNotSupported", 400),
  ACCESS_DENIED("AccessDenied", 403),
  AUTHORIZATION_HEADER_MALFORMED("AuthorizationHeaderMalformed", 400),
  AUTHORIZATION_QUERY_PARAMETERS_ERROR("AuthorizationQueryParametersError", 400),
  BAD_DIGEST("BadDigest", 400),
  BUCKET_ALREADY_OWNED_BY_YOU("BucketAlreadyOwnedByYou", 409),
  BUCKET_NOT_EMPTY("BucketNotEmpty", 409),
  CORS_NOT_ENABLED("AccessForbidden", 403),
  ENTITY_TOO_LARGE("EntityTooLarge", 400),
  ENTITY_TOO_SMALL("EntityTooSmall", 400),
  ENCRYPTION_NOT_CONFIGURED("ServerSideEncryptionConfigurationNotFoundError", 404),
  INCOMPLETE_BODY("IncompleteBody", 400),
  INTERNAL_ERROR("InternalError", 500),
  INVALID_ACCESS_KEY_ID("InvalidAccessKeyId", 403),
  INVALID_ARGUMENT("InvalidArgument", 400),
  INVALID_BUCKET_NAME("InvalidBucketName", 400),
  INVALID_CHUNK_SIZE("InvalidChunkSizeError", 403),
  INVALID_DIGEST("InvalidDigest", 400),
  INVALID_PART("InvalidPart", 400),
  INVALID_PART_NUMBER("InvalidPartNumber", 416),
  INVALID_PART_ORDER("InvalidPartOrder", 400),
  INVALID_RANGE("InvalidRange", 416),
  INVALID_REQUEST("InvalidRequest", 400),
  INVALID_STORAGE_CLASS("InvalidStorageClass", 400),
  INVALID_TAG("InvalidTag", 400),
  INVALID_URI("InvalidURI", 400),
  /// Of this server: a key and the folder of another one would be the same.
  KEY_CONFLICT("KeyConflict", 409),
  KEY_TOO_LONG("KeyTooLongError", 400),
  MALFORMED_TRAILER("MalformedTrailerError", 400),
  MALFORMED_XML("MalformedXML", 400),
  METADATA_TOO_LARGE("MetadataTooLarge", 400),
  METHOD_NOT_ALLOWED("MethodNotAllowed", 405),
  MISSING_CONTENT_LENGTH("MissingContentLength", 411),
  NO_SUCH_BUCKET("NoSuchBucket", 404),
  NO_SUCH_BUCKET_POLICY("NoSuchBucketPolicy", 404),
  NO_SUCH_CORS_CONFIGURATION("NoSuchCORSConfiguration", 404),
  NO_SUCH_KEY("NoSuchKey", 404),
  NO_SUCH_LIFECYCLE_CONFIGURATION("NoSuchLifecycleConfiguration", 404),
  NO_SUCH_OBJECT_LOCK_CONFIGURATION("NoSuchObjectLockConfiguration", 404),
  NO_SUCH_TAG_SET("NoSuchTagSet", 404),
  NO_SUCH_UPLOAD("NoSuchUpload", 404),
  NO_SUCH_VERSION("NoSuchVersion", 404),
  NO_SUCH_WEBSITE_CONFIGURATION("NoSuchWebsiteConfiguration", 404),
  NO_SUCH_PUBLIC_ACCESS_BLOCK("NoSuchPublicAccessBlockConfiguration", 404),
  /// Amazon answers with 501; a refusal for good is none of the server's failures here.
  NOT_IMPLEMENTED("NotImplemented", 400),
  NOT_MODIFIED("NotModified", 304),
  OBJECT_LOCK_NOT_CONFIGURED("ObjectLockConfigurationNotFoundError", 404),
  OPERATION_ABORTED("OperationAborted", 409),
  OWNERSHIP_NOT_CONFIGURED("OwnershipControlsNotFoundError", 404),
  PRECONDITION_FAILED("PreconditionFailed", 412),
  REPLICATION_NOT_CONFIGURED("ReplicationConfigurationNotFoundError", 404),
  REQUEST_HEADERS_TOO_LARGE("RequestHeaderSectionTooLarge", 400),
  REQUEST_TIMEOUT("RequestTimeout", 400),
  REQUEST_TIME_TOO_SKEWED("RequestTimeTooSkewed", 403),
  SERVICE_UNAVAILABLE("ServiceUnavailable", 503),
  SIGNATURE_DOES_NOT_MATCH("SignatureDoesNotMatch", 403),
  /// Of this server (and MinIO's in other words): its disk is full.
  STORAGE_FULL("StorageFull", 507),
  XAMZ_CONTENT_SHA256_MISMATCH("XAmzContentSHA256Mismatch", 400);

  private final String text;
  private final int status;

  Code(String text, int status) {
    this.text = text;
    this.status = status;
  }

  /// As it stands in the document.
  public String text() {
    return text;
  }

  /// The status of HTTP.
  public int status() {
    return status;
  }
}
