/// Commands about what stays stored: garbage collection and checks.
@NullMarked
package dev.dassie.cli.keep;

import org.jspecify.annotations.NullMarked;
