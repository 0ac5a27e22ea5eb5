package dev.dassie.executor.process;

import dev.dassie.executor.datum.RunnerLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A dassie-runner as a child of this process, in namespaces of its own. It ends when its standard
/// input is closed or this process dies.
final class RunnerProcess implements RunnerLink {
  private static final Duration END = Duration.ofSeconds(10);
  private static final long MOST_ERRORS = 4096;

  private final Path errors;
  private final Process process;

  /// The process inside: pid 1 of the namespace, which outlives the outer one if that is killed.
  private volatile Optional<ProcessHandle> inner = Optional.empty();

  RunnerProcess(Path program, Path folder) throws IOException {
    errors = folder.resolve("errors");
    ProcessBuilder builder =
        new ProcessBuilder(List.of(program.toString()))
            .directory(folder.toFile())
            .redirectError(errors.toFile());
    builder.environment().clear();
    process = builder.start();
  }

  @Override
  public OutputStream requests() {
    return process.getOutputStream();
  }

  @Override
  public InputStream answers() {
    return process.getInputStream();
  }

  @Override
  public void ready() {
    inner = process.children().findFirst();
  }

  @Override
  public String trouble() {
    try {
      return Files.isRegularFile(errors) && Files.size(errors) < MOST_ERRORS
          ? Files.readString(errors).strip()
          : "";
    } catch (IOException e) {
      return "";
    }
  }

  @Override
  public void end() {
    try {
      process.getOutputStream().close();
    } catch (IOException e) {
      process.destroyForcibly(); // the pipe is broken: the runner is ending already
    }
    boolean interrupted = Thread.interrupted();
    try {
      if (!process.waitFor(END.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly().waitFor(END.toMillis(), TimeUnit.MILLISECONDS);
      }
      if (inner.isPresent()) {
        inner.get().onExit().get(END.toMillis(), TimeUnit.MILLISECONDS);
      }
    } catch (InterruptedException e) {
      interrupted = true;
      process.destroyForcibly();
    } catch (ExecutionException | TimeoutException e) {
      inner.ifPresent(ProcessHandle::destroyForcibly);
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void kill() {
    inner.ifPresent(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /// The process outside the namespaces.
  long pid() {
    return process.pid();
  }
}
