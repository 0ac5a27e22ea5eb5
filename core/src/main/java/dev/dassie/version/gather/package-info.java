/// How single writes become commits: one each, or gathered in an open commit.
@NullMarked
package dev.dassie.version.gather;

import org.jspecify.annotations.NullMarked;
