package dev.dassie.pipeline.secret;

import java.time.Instant;

/// What anybody may know of an access key, which signs requests of the S3 API: never its secret.
///
/// @param id 20 letters and digits
/// @param author who made it, and in whose name its requests are
public record AccessKey(String id, String author, Instant created) {}
