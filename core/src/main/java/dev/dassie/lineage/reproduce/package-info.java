/// Whether what was computed comes out the same again.
@NullMarked
package dev.dassie.lineage.reproduce;

import org.jspecify.annotations.NullMarked;
