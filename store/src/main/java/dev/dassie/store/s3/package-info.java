/// Objects in a store that speaks S3, with a cache on the local disk. Start reading at
/// [S3ObjectStore].
@NullMarked
package dev.dassie.store.s3;

import org.jspecify.annotations.NullMarked;
