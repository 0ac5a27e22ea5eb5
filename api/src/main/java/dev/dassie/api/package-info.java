/// What clients and the server say to each other: the HTTP client of Dassie, JSON as trees,
/// refusals as values, and addresses as people type them. Start at [dev.dassie.api.Client].
@NullMarked
package dev.dassie.api;

import org.jspecify.annotations.NullMarked;
