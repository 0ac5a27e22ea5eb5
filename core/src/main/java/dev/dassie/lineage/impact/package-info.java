/// What is downstream of a file or a commit. Reads only.
@NullMarked
package dev.dassie.lineage.impact;

import org.jspecify.annotations.NullMarked;
