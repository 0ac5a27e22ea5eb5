/// Real processes in real sandboxes, as root and as an ordinary user.
@NullMarked
package dev.dassie.executor.process;

import org.jspecify.annotations.NullMarked;
