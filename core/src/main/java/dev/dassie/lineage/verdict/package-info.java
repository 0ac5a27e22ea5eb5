/// What programs said of commits, to find the first bad one.
@NullMarked
package dev.dassie.lineage.verdict;

import org.jspecify.annotations.NullMarked;
