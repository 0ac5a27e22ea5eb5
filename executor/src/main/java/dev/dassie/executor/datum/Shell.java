package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Task;
import dev.dassie.job.Terminal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Collectors;

/// A shell in a slot of its own.
public final class Shell implements Terminal {
  /// What the shell finds: the command of the datum in `DASSIE_CMD` and, in bash, one press of ↑
  /// away; the standard input of that command in `~/stdin`.
  private static final String SCRIPT =
      """
      printf %s "$DASSIE_STDIN" > "$HOME/stdin"
      printf '%s\\n' "$DASSIE_CMD" > "$HOME/.bash_history"
      unset DASSIE_STDIN
      if command -v bash > /dev/null; then exec bash; else exec sh; fi
      """;

  private final Lane lane;
  private final Runnable whenClosed;
  private final AtomicBoolean closed = new AtomicBoolean();
  private Optional<RunnerSlot> slot = Optional.empty();
  private String command = "";
  private volatile Optional<Integer> exitCode = Optional.empty();

  /// @param lane for this shell alone
  /// @param whenClosed called once, when it is to end; it ends the lane
  public Shell(Lane lane, Runnable whenClosed) {
    this.lane = lane;
    this.whenClosed = whenClosed;
  }

  /// Shows the files of the one datum of a task, and starts.
  public void start(
      Task task, Commands commands, Optional<Terminal.Size> size, ChunkStore.Session reading)
      throws IOException, SlotLostException, DatumRefusal {
    // Only a runner has a terminal.
    if (!(lane.slot() instanceof RunnerSlot runner)) {
      throw new Fault.Unsupported(
              "a shell in this sandbox",
              Optional.of("Only `namespaces` has one; `run datum` works in all."))
          .asException();
    }
    Task.Item item = task.items().getFirst();
    lane.staging().show(item.parts(), new Filesets(reading), reading);
    Command plain = commands.of(item, runner, task.transform().cmd(), task.transform().stdin());
    command = quoted(plain);
    runner.shell(command(plain, size.isPresent()), size);
    slot = Optional.of(runner);
  }

  public boolean started() {
    return slot.isPresent();
  }

  /// The command that starts a shell in the place of `plain`.
  public static Command command(Command plain, boolean screen) {
    Map<String, String> variables = new LinkedHashMap<>(plain.variables());
    variables.put("DASSIE_CMD", quoted(plain));
    variables.put("DASSIE_STDIN", new String(plain.stdin(), StandardCharsets.UTF_8));
    if (screen) {
      variables.put("TERM", "xterm-256color");
    }
    return new Command(
        List.of("/bin/sh", "-c", SCRIPT),
        variables,
        plain.folder(),
        new byte[0],
        Optional.empty(),
        plain.logBytes());
  }

  /// A command as one types it.
  public static String quoted(Command plain) {
    String words =
        plain.arguments().stream()
            .map(word ->
                word.matches("[A-Za-z0-9_./=:,@%+-]+")
                    ? word
                    : "'" + word.replace("'", "'\\''") + "'")
            .collect(Collectors.joining(" "));
    return plain.stdin().length == 0 ? words : words + " < ~/stdin";
  }

  @Override
  public String command() {
    return command;
  }

  @Override
  public Optional<byte[]> read(Duration atMost) throws InterruptedException {
    if (exitCode.isPresent()) {
      return Optional.empty();
    }
    Optional<Frames.Frame> frame = slot.orElseThrow().next(atMost);
    if (frame.isEmpty()) {
      return Optional.empty();
    }
    byte[] payload = frame.get().payload();
    if (frame.get().kind() == Frames.OUTPUT) {
      return Optional.of(payload);
    }
    // All else is the end, also that of the runner itself.
    boolean well = frame.get().kind() == Frames.ENDED && payload.length == Integer.BYTES;
    exitCode = Optional.of(well ? java.nio.ByteBuffer.wrap(payload).getInt() : 137);
    return Optional.empty();
  }

  @Override
  public Optional<Integer> exitCode() {
    return exitCode;
  }

  @Override
  public synchronized void write(byte[] input) {
    send(Frames.input(input));
  }

  @Override
  public synchronized void endInput() {
    send(Frames.endOfInput());
  }

  private void send(byte[] frame) {
    try {
      if (exitCode.isEmpty() && !closed.get()) {
        slot.orElseThrow().send(frame);
      }
    } catch (SlotLostException e) {
      return; // it has ended, as its reader will see
    }
  }

  @Override
  public void close() {
    if (closed.compareAndSet(false, true)) {
      slot.ifPresent(RunnerSlot::kill);
      whenClosed.run();
    }
  }
}
