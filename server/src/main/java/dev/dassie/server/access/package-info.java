/// Who makes a request, and whether a browser may make it.
@NullMarked
package dev.dassie.server.access;

import org.jspecify.annotations.NullMarked;
