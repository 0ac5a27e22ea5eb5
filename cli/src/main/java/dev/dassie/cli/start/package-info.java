/// Commands that begin: up, down, status, version, config, quickstart.
@NullMarked
package dev.dassie.cli.start;

import org.jspecify.annotations.NullMarked;
