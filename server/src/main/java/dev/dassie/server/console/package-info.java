/// The console: pages for people, rendered on the server. Without scripts they can be read and
/// used; the script adds what follows changes by itself.
@NullMarked
package dev.dassie.server.console;

import org.jspecify.annotations.NullMarked;
