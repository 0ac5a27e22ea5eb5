/// Where a file came from. Reads only.
@NullMarked
package dev.dassie.lineage;

import org.jspecify.annotations.NullMarked;
