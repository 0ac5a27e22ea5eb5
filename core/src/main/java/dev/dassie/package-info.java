/// The facade: one instance, wired.
@NullMarked
package dev.dassie;

import org.jspecify.annotations.NullMarked;
