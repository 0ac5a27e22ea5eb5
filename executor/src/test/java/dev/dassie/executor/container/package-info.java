@NullMarked
package dev.dassie.executor.container;

import org.jspecify.annotations.NullMarked;
