/// Datums in containers of an engine on this machine: Docker or Podman.
@NullMarked
package dev.dassie.executor.container;

import org.jspecify.annotations.NullMarked;
