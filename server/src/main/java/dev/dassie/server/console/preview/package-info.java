/// What a file looks like: text, a table, an image, a page. Reads a bounded part of it.
@NullMarked
package dev.dassie.server.console.preview;

import org.jspecify.annotations.NullMarked;
