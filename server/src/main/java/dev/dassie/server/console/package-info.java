/// Pages for people.
@NullMarked
package dev.dassie.server.console;

import org.jspecify.annotations.NullMarked;
