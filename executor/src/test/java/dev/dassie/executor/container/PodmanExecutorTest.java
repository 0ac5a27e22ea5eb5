package dev.dassie.executor.container;

import dev.dassie.executor.datum.ExecutorContract;
import dev.dassie.executor.datum.Workbench;
import java.io.IOException;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;

class PodmanExecutorTest extends ExecutorContract {
  private static Podman podman;

  @BeforeAll
  static void start() throws Exception {
    podman = new Podman();
  }

  @AfterAll
  static void stop() throws Exception {
    if (podman != null) {
      podman.close();
    }
  }

  @Override
  protected Workbench open() throws IOException {
    return new ContainerBench(podman);
  }
}
