/// Repos, branches, commits, their provenance, and the files in them.
@NullMarked
package dev.dassie.version;

import org.jspecify.annotations.NullMarked;
