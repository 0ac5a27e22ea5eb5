package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Query;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// Every operation that there is: where it acts, its method, and the sub-resource in the query that
/// tells it from others. docs/s3.md lists them, each with its test.
enum Operation {
  LIST_BUCKETS("ListBuckets", Level.SERVICE, "GET", ""),

  CREATE_BUCKET("CreateBucket", Level.BUCKET, "PUT", ""),
  HEAD_BUCKET("HeadBucket", Level.BUCKET, "HEAD", ""),
  DELETE_BUCKET("DeleteBucket", Level.BUCKET, "DELETE", ""),
  LIST_OBJECTS("ListObjects", Level.BUCKET, "GET", ""),
  LIST_OBJECTS_V2("ListObjectsV2", Level.BUCKET, "GET", "list-type"),
  LIST_OBJECT_VERSIONS("ListObjectVersions", Level.BUCKET, "GET", "versions"),
  LIST_MULTIPART_UPLOADS("ListMultipartUploads", Level.BUCKET, "GET", "uploads"),
  DELETE_OBJECTS("DeleteObjects", Level.BUCKET, "POST", "delete"),
  GET_BUCKET_LOCATION("GetBucketLocation", Level.BUCKET, "GET", "location"),
  GET_BUCKET_VERSIONING("GetBucketVersioning", Level.BUCKET, "GET", "versioning"),
  GET_BUCKET_ACL("GetBucketAcl", Level.BUCKET, "GET", "acl"),
  PUT_BUCKET_ACL("PutBucketAcl", Level.BUCKET, "PUT", "acl"),
  GET_BUCKET_POLICY("GetBucketPolicy", Level.BUCKET, "GET", "policy"),
  GET_BUCKET_POLICY_STATUS("GetBucketPolicyStatus", Level.BUCKET, "GET", "policyStatus"),
  GET_BUCKET_TAGGING("GetBucketTagging", Level.BUCKET, "GET", "tagging"),
  GET_BUCKET_LIFECYCLE("GetBucketLifecycleConfiguration", Level.BUCKET, "GET", "lifecycle"),
  GET_BUCKET_CORS("GetBucketCors", Level.BUCKET, "GET", "cors"),
  GET_BUCKET_ENCRYPTION("GetBucketEncryption", Level.BUCKET, "GET", "encryption"),
  GET_BUCKET_WEBSITE("GetBucketWebsite", Level.BUCKET, "GET", "website"),
  GET_BUCKET_LOGGING("GetBucketLogging", Level.BUCKET, "GET", "logging"),
  GET_BUCKET_NOTIFICATION(
      "GetBucketNotificationConfiguration", Level.BUCKET, "GET", "notification"),
  GET_BUCKET_REPLICATION("GetBucketReplication", Level.BUCKET, "GET", "replication"),
  GET_BUCKET_REQUEST_PAYMENT("GetBucketRequestPayment", Level.BUCKET, "GET", "requestPayment"),
  GET_BUCKET_ACCELERATE("GetBucketAccelerateConfiguration", Level.BUCKET, "GET", "accelerate"),
  GET_BUCKET_OWNERSHIP("GetBucketOwnershipControls", Level.BUCKET, "GET", "ownershipControls"),
  GET_PUBLIC_ACCESS_BLOCK("GetPublicAccessBlock", Level.BUCKET, "GET", "publicAccessBlock"),
  GET_OBJECT_LOCK("GetObjectLockConfiguration", Level.BUCKET, "GET", "object-lock"),

  GET_OBJECT("GetObject", Level.OBJECT, "GET", ""),
  HEAD_OBJECT("HeadObject", Level.OBJECT, "HEAD", ""),
  PUT_OBJECT("PutObject", Level.OBJECT, "PUT", ""),
  COPY_OBJECT("CopyObject", Level.OBJECT, "PUT", "", true),
  DELETE_OBJECT("DeleteObject", Level.OBJECT, "DELETE", ""),
  GET_OBJECT_ATTRIBUTES("GetObjectAttributes", Level.OBJECT, "GET", "attributes"),
  GET_OBJECT_ACL("GetObjectAcl", Level.OBJECT, "GET", "acl"),
  PUT_OBJECT_ACL("PutObjectAcl", Level.OBJECT, "PUT", "acl"),
  GET_OBJECT_TAGGING("GetObjectTagging", Level.OBJECT, "GET", "tagging"),
  GET_OBJECT_RETENTION("GetObjectRetention", Level.OBJECT, "GET", "retention"),
  GET_OBJECT_LEGAL_HOLD("GetObjectLegalHold", Level.OBJECT, "GET", "legal-hold"),
  CREATE_MULTIPART_UPLOAD("CreateMultipartUpload", Level.OBJECT, "POST", "uploads"),
  UPLOAD_PART("UploadPart", Level.OBJECT, "PUT", "uploadId"),
  UPLOAD_PART_COPY("UploadPartCopy", Level.OBJECT, "PUT", "uploadId", true),
  LIST_PARTS("ListParts", Level.OBJECT, "GET", "uploadId"),
  COMPLETE_MULTIPART_UPLOAD("CompleteMultipartUpload", Level.OBJECT, "POST", "uploadId"),
  ABORT_MULTIPART_UPLOAD("AbortMultipartUpload", Level.OBJECT, "DELETE", "uploadId");

  /// What a URL names.
  enum Level {
    SERVICE,
    BUCKET,
    OBJECT
  }

  /// Sub-resources of Amazon's that none of the operations above has.
  private static final Set<String> UNKNOWN_HERE =
      Set.of(
          "analytics",
          "intelligent-tiering",
          "inventory",
          "metadataConfiguration",
          "metadataTable",
          "metrics",
          "renameObject",
          "restore",
          "select",
          "session",
          "torrent");

  /// Parameters that say more about an operation; all others are refused where they have no value,
  /// as a sub-resource would be, and passed over where they have one.
  private static final Set<String> OF_OPERATIONS =
      Set.of(
          "prefix",
          "delimiter",
          "marker",
          "start-after",
          "continuation-token",
          "key-marker",
          "version-id-marker",
          "upload-id-marker",
          "encoding-type",
          "fetch-owner",
          "max-keys",
          "max-uploads",
          "max-parts",
          "max-buckets",
          "part-number-marker",
          "versionId",
          "partNumber",
          "bucket-region",
          "x-id");

  private static final List<Operation> ALL = List.of(values());

  private final String title;
  private final Level level;
  private final String method;
  private final String subResource;
  private final boolean copies;

  Operation(String title, Level level, String method, String subResource) {
    this(title, level, method, subResource, false);
  }

  Operation(String title, Level level, String method, String subResource, boolean copies) {
    this.title = title;
    this.level = level;
    this.method = method;
    this.subResource = subResource;
    this.copies = copies;
  }

  /// Its name in the S3 API reference.
  String title() {
    return title;
  }

  Level level() {
    return level;
  }

  boolean writes() {
    return !method.equals("GET") && !method.equals("HEAD");
  }

  static Level levelOf(Target target) {
    return target.bucket().isEmpty()
        ? Level.SERVICE
        : target.key().isEmpty() ? Level.BUCKET : Level.OBJECT;
  }

  /// The sub-resource that a query names, of this level or not of S3 at all.
  static Optional<String> subResource(Level level, Query query) {
    if (query.parameters().isEmpty()) {
      return Optional.empty();
    }
    Set<String> known =
        ALL.stream()
            .filter(operation -> operation.level == level)
            .map(operation -> operation.subResource)
            .collect(java.util.stream.Collectors.toSet());
    return query.parameters().stream()
        .filter(parameter -> {
          String name = parameter.name();
          boolean bare = parameter.value().isEmpty() && !isOfOperations(name);
          return known.contains(name) || UNKNOWN_HERE.contains(name) || bare;
        })
        .map(Query.Parameter::name)
        .findFirst();
  }

  private static boolean isOfOperations(String name) {
    return OF_OPERATIONS.contains(name)
        || name.startsWith("response-")
        || name.startsWith("X-Amz-");
  }

  /// The operations of a place, by any method.
  static List<Operation> at(Level level, String subResource, boolean copies) {
    List<Operation> there = new ArrayList<>(4);
    for (Operation operation : ALL) {
      if (operation.level == level
          && operation.subResource.equals(subResource)
          && (!operation.method.equals("PUT") || operation.copies == copies)) {
        there.add(operation);
      }
    }
    return there;
  }

  boolean takes(String asked) {
    return method.equals(asked);
  }
}
