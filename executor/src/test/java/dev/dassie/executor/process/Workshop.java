package dev.dassie.executor.process;

import dev.dassie.executor.datum.Workbench;
import java.io.IOException;
import java.util.function.UnaryOperator;

/// A bench with an executor of processes.
final class Workshop extends Workbench {
  Workshop(Sandbox sandbox) throws IOException {
    this(sandbox, UnaryOperator.identity());
  }

  Workshop(Sandbox sandbox, UnaryOperator<Settings> change) throws IOException {
    super((home, chunks) ->
        new ProcessExecutor(
            home.resolve("run"),
            home,
            chunks,
            change.apply(Settings.defaults().withSandbox(sandbox))));
  }
}
