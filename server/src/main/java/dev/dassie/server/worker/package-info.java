/// `dassie worker`: a worker of a server elsewhere, which it reaches over HTTP.
@NullMarked
package dev.dassie.server.worker;

import org.jspecify.annotations.NullMarked;
