/// Commands of secrets.
@NullMarked
package dev.dassie.cli.secret;

import org.jspecify.annotations.NullMarked;
