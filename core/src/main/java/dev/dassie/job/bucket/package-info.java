/// What the code of one run reads and writes through S3: buckets of its own under keys of its own.
@NullMarked
package dev.dassie.job.bucket;

import org.jspecify.annotations.NullMarked;
