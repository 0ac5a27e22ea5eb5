package dev.dassie.executor.process;

import java.io.IOException;

class BareExecutorTest extends ExecutorContract {
  @Override
  Workshop open() throws IOException {
    return new Workshop(Sandbox.NONE);
  }
}
