/// Cuts one stream of records into parts at the ends of records (docs/guide/4-exchange.md).
@NullMarked
package dev.dassie.fileset.split;

import org.jspecify.annotations.NullMarked;
