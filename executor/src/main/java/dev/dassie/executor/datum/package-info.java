/// What every executor does around a datum, wherever it runs: its inputs become files and its
/// output a fileset, its tries and its log are kept, its runner is spoken to.
@NullMarked
package dev.dassie.executor.datum;

import org.jspecify.annotations.NullMarked;
