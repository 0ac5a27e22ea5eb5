/// The words of the S3 protocol: its errors, its XML, names in its URLs, its checksums. Knows
/// nothing of Dassie.
@NullMarked
package dev.dassie.server.s3.protocol;

import org.jspecify.annotations.NullMarked;
