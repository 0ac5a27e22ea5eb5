/// Commands about projects, repos, branches, tags and commits.
@NullMarked
package dev.dassie.cli.version;

import org.jspecify.annotations.NullMarked;
