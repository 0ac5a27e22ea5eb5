/// Signature version 4 of Amazon, the side that checks ("Authenticating requests" of the S3 API
/// reference): headers, presigned URLs and bodies that are signed in chunks.
@NullMarked
package dev.dassie.server.s3.sign;

import org.jspecify.annotations.NullMarked;
