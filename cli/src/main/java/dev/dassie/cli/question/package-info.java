/// `bisect`: which commit broke it.
@NullMarked
package dev.dassie.cli.question;

import org.jspecify.annotations.NullMarked;
