/// Small facts that change atomically, and the feed of their changes. One type matters: the port
/// [Metadata].
@NullMarked
package dev.dassie.metadata;

import org.jspecify.annotations.NullMarked;
