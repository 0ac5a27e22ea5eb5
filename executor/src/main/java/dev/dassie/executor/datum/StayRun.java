package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Stay;
import dev.dassie.job.Task;
import java.io.IOException;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/// Runs one process that stays. Used by one thread.
public final class StayRun {
  private static final int NOT_STARTED = -1;

  /// How long a process has to end by itself.
  public static final Duration GRACE = Duration.ofSeconds(3);

  private final Task task;
  private final Stay stay;
  private final ChunkStore.Session reading;
  private final LaneSource lanes;
  private final Commands commands;

  /// @param reading holds nodes of inputs that stand inlined in their parents; never published
  public StayRun(
      Task task, Stay stay, ChunkStore.Session reading, LaneSource lanes, Commands commands) {
    this.task = task;
    this.stay = stay;
    this.reading = reading;
    this.lanes = lanes;
    this.commands = commands;
  }

  public Stay.End run() throws InterruptedException {
    Lane lane;
    try {
      lane = lanes.take();
    } catch (SlotLostException e) {
      return new Stay.End(NOT_STARTED, String.valueOf(e.getMessage()));
    }
    try {
      Task.Item item = task.items().getFirst();
      lane.staging().show(item.parts(), new Filesets(reading), reading);
      Command command =
          commands.of(item, lane.slot(), task.transform().cmd(), task.transform().stdin());
      stay.ready();
      stay.started();
      MaskedSink shown = new MaskedSink(new Mask(task.secrets().values()), stay::wrote);
      try {
        return attend(lane.slot(), command.endless(shown));
      } finally {
        shown.flush();
      }
    } catch (DatumRefusal e) {
      return new Stay.End(NOT_STARTED, String.valueOf(e.getMessage()));
    } catch (IOException e) {
      return new Stay.End(
          NOT_STARTED, "The process could not be prepared: " + e.getMessage() + ".");
    } finally {
      lanes.discard(lane);
    }
  }

  /// The command runs on a thread of its own, so that an interrupt first asks it to end.
  private Stay.End attend(Slot slot, Command command) throws InterruptedException {
    CompletableFuture<Outcome> ended = new CompletableFuture<>();
    Thread runner =
        Thread.ofVirtual()
            .name("dassie-stay")
            .start(() -> {
              try {
                ended.complete(slot.run(command));
              } catch (InterruptedException | SlotLostException | RuntimeException e) {
                ended.completeExceptionally(e);
              }
            });
    try {
      return end(ended.get());
    } catch (ExecutionException e) {
      if (e.getCause() instanceof DassieException refused) {
        throw refused;
      }
      return new Stay.End(NOT_STARTED, "The process was lost: %s.".formatted(e.getCause()));
    } catch (InterruptedException e) {
      slot.terminate();
      boolean _ = joined(runner, GRACE);
      runner.interrupt();
      boolean _ = joined(runner, Duration.ofSeconds(30));
      throw e;
    }
  }

  /// Waits whatever interrupts come: the process has to go before its folder does.
  private static boolean joined(Thread thread, Duration atMost) {
    long deadline = System.nanoTime() + atMost.toNanos();
    boolean again = false;
    while (thread.isAlive()) {
      long left = deadline - System.nanoTime();
      if (left <= 0) {
        return false;
      }
      try {
        boolean _ = thread.join(Duration.ofNanos(left));
      } catch (InterruptedException e) {
        again = true; // one interrupt is as good as two
      }
    }
    if (again) {
      Thread.currentThread().interrupt();
    }
    return true;
  }

  private Stay.End end(Outcome outcome) {
    Optional<String> problem = commands.problem(outcome);
    return new Stay.End(
        outcome.exitCode(),
        problem.orElse("The code ended with exit code " + outcome.exitCode() + "."));
  }
}
