/// What changed in text, line by line.
@NullMarked
package dev.dassie.fileset.text;

import org.jspecify.annotations.NullMarked;
