@NullMarked
package dev.dassie.executor.datum;

import org.jspecify.annotations.NullMarked;
