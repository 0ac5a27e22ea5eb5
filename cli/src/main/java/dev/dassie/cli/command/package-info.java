/// What every command shares: the session, the options, lists and long waits.
@NullMarked
package dev.dassie.cli.command;

import org.jspecify.annotations.NullMarked;
