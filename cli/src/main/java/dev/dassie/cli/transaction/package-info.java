/// Transactions: several commands that happen together or not at all.
@NullMarked
package dev.dassie.cli.transaction;

import org.jspecify.annotations.NullMarked;
