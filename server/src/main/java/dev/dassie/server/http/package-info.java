/// The HTTP API under `/api/v1`: [Door] takes requests from Jetty, [Router] finds the [Route], the
/// resources (one class each) translate, call the core once and translate back. [Problems] is the
/// one place where a fault becomes a status.
@NullMarked
package dev.dassie.server.http;

import org.jspecify.annotations.NullMarked;
