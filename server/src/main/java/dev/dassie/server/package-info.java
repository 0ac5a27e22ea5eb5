/// The server as a process: its configuration, its folder, its start and its end. [Main] is the
/// command, [Instance] a running server, [Configuration] what it was told, [Home] where it keeps
/// things.
@NullMarked
package dev.dassie.server;

import org.jspecify.annotations.NullMarked;
