/// Files that come in parts: each part is stored when it comes, and a list of them becomes a file
/// by reference.
@NullMarked
package dev.dassie.version.multipart;

import org.jspecify.annotations.NullMarked;
