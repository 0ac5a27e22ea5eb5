/// The command line: [dev.dassie.cli.Main] finds the command in [dev.dassie.cli.Catalog], parses,
/// runs, and turns refusals into sentences and exit codes.
@NullMarked
package dev.dassie.cli;

import org.jspecify.annotations.NullMarked;
