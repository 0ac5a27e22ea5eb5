/// Objects as files of a local disk. One type matters: [DiskObjectStore].
@NullMarked
package dev.dassie.store.disk;

import org.jspecify.annotations.NullMarked;
