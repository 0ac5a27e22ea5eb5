package dev.dassie.server.http;

import dev.dassie.fault.Fault;

/// Shows people at a browser what programs are told as a document.
@FunctionalInterface
public interface Refusals {
  void show(Exchange exchange, Fault fault);
}
