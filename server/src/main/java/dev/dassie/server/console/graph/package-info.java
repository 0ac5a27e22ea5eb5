/// Directed graphs as layers from left to right: places of boxes and lines, no drawing.
@NullMarked
package dev.dassie.server.console.graph;

import org.jspecify.annotations.NullMarked;
