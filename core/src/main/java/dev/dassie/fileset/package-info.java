/// Immutable trees of files: write, read, list, diff and glob.
///
/// Four types matter: [Fileset], [Entry], [Edit] and [Filesets].
@NullMarked
package dev.dassie.fileset;

import org.jspecify.annotations.NullMarked;
