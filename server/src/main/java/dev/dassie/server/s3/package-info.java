/// The S3 API: [Door] takes requests from Jetty, the signature says who asks, [Operation] is the
/// table of what there is, and each family of operations is one class that translates and calls the
/// core. Buckets are branches, tags and commits ([BucketName]); [Answers] is the one place where a
/// refusal becomes a document.
@NullMarked
package dev.dassie.server.s3;

import org.jspecify.annotations.NullMarked;
