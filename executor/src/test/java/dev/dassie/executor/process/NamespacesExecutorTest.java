package dev.dassie.executor.process;

import java.io.IOException;

class NamespacesExecutorTest extends ExecutorContract {
  @Override
  Workshop open() throws IOException {
    return new Workshop(Sandbox.NAMESPACES);
  }
}
