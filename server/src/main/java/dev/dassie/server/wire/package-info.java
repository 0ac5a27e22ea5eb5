/// What every door stands on: a port with Jetty behind it ([Listener]) and the two streams of one
/// request ([Wire]).
@NullMarked
package dev.dassie.server.wire;

import org.jspecify.annotations.NullMarked;
