/// Places to write to that no instance knows of.
@NullMarked
package dev.dassie.version.scratch;

import org.jspecify.annotations.NullMarked;
