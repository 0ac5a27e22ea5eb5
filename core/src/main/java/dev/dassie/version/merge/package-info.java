/// Three-way changes of whole filesets: merging branches, undoing commits.
@NullMarked
package dev.dassie.version.merge;

import org.jspecify.annotations.NullMarked;
