/// Why jobs ran, wait, were skipped or failed. Reads only.
@NullMarked
package dev.dassie.lineage.reason;

import org.jspecify.annotations.NullMarked;
