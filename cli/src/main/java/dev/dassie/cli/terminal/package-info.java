/// What people see: tables, times, sizes, colours, progress. Knows no command and no server.
@NullMarked
package dev.dassie.cli.terminal;

import org.jspecify.annotations.NullMarked;
