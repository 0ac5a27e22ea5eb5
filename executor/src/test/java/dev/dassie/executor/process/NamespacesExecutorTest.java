package dev.dassie.executor.process;

import dev.dassie.executor.datum.ExecutorContract;
import dev.dassie.executor.datum.Workbench;
import java.io.IOException;

class NamespacesExecutorTest extends ExecutorContract {
  @Override
  protected Workbench open() throws IOException {
    return new Workshop(Sandbox.NAMESPACES);
  }
}
