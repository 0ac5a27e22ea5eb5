package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import dev.dassie.job.bucket.Outbox;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Runs the datums of one task, one after another, each with its tries (design D5). Used by one
/// thread.
public final class TaskRun implements AutoCloseable {
  /// The exit code of a try whose code was never started.
  private static final int NOT_STARTED = -1;

  /// The exit code where SIGXFSZ ended the code: it wrote more to one file than it may.
  private static final int CUT = 128 + 25;

  private final Task task;
  private final Filesets files;
  private final ChunkStore.Session session;

  /// Holds nodes of inputs that stand inlined in their parents; never published.
  private final ChunkStore.Session reading;

  private final Filesets inputs;
  private final LaneSource lanes;
  private final Optional<LaneSource> beside;
  private final Commands commands;
  private final Path folder;
  private final Running running;
  private final Mask masked;
  private Optional<Lane> lane = Optional.empty();

  /// @param session where outputs and logs go
  /// @param beside lanes for `errCmd`, where the program of the others stays
  /// @param folder where more than fits the memory goes
  /// @param running knows the datum while its code runs
  public TaskRun(
      Task task,
      ChunkStore.Session session,
      ChunkStore.Session reading,
      LaneSource lanes,
      Optional<LaneSource> beside,
      Commands commands,
      Path folder,
      Running running) {
    this.task = task;
    this.files = new Filesets(session);
    this.session = session;
    this.reading = reading;
    this.inputs = new Filesets(reading);
    this.lanes = lanes;
    this.beside = beside;
    this.commands = commands;
    this.folder = folder;
    this.running = running;
    this.masked = new Mask(task.secrets().values());
  }

  /// One run of the code: what is recorded, and the output if it went well.
  private record Attempt(Ending.Try record, Optional<Fileset> output) {}

  /// Runs one datum to its end. An interrupt ends it at once.
  public Ending run(Task.Item item) throws InterruptedException {
    boolean whole = false;
    try {
      Ending ending = tries(item);
      whole = true;
      return ending;
    } finally {
      if (!whole) {
        dropLane(); // what it left in its folders is of no use to others
      }
    }
  }

  private Ending tries(Task.Item item) throws InterruptedException {
    List<Ending.Try> tries = new ArrayList<>();
    boolean spared = false;
    while (tries.size() < Math.max(1, task.limits().tries())) {
      try {
        Attempt attempt = attempt(item);
        tries.add(attempt.record());
        if (attempt.output().isPresent()) {
          return new Ending.Succeeded(attempt.output().get(), tries);
        }
      } catch (SlotLostException e) {
        dropLane();
        if (spared) { // the first loss is not the code's fault, and costs it no try
          tries.add(notStarted(String.valueOf(e.getMessage())));
        }
        spared = true;
      } catch (IOException | UncheckedIOException e) {
        dropLane();
        if (String.valueOf(e.getMessage()).contains("No space left")) {
          throw new DassieException(new Fault.Full(folder.toString()), e);
        }
        tries.add(notStarted("The datum could not be prepared or stored: " + e.getMessage() + "."));
      }
    }
    String reason = tries.getLast().problem().orElse("The code failed.");
    return recovered(item, tries)
        ? new Ending.Recovered(reason, tries)
        : new Ending.Failed(reason, tries);
  }

  private Attempt attempt(Task.Item item)
      throws IOException, InterruptedException, SlotLostException {
    Lane at = lane();
    Instant started = Instant.now();
    Command command;
    Outcome outcome;
    try {
      at.staging().show(item.parts(), inputs, reading);
      command = commands.of(item, at.slot(), task.transform().cmd(), task.transform().stdin());
      begin(command);
      outcome = running.run(task, item.key(), at.slot(), command);
    } catch (DatumRefusal e) {
      return new Attempt(notStarted(String.valueOf(e.getMessage())), Optional.empty());
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.Corrupt || e.fault() instanceof Fault.NotFound) {
        return new Attempt(notStarted(e.fault().message()), Optional.empty());
      }
      throw e;
    }
    Body log = store(outcome.log()::open);
    boolean left = !outcome.leftNothing() && !at.output().isEmpty();
    boolean over = task.outbox().filter(Outbox::isOver).isPresent();
    Optional<String> problem =
        over ? Optional.of(command.bounds().tooMuchInBucket()) : commands.problem(outcome);
    if (!over
        && problem.isPresent()
        && (outcome.exitCode() == CUT || at.output().breaks(command.bounds().disk()))) {
      // Code that may not write more ends as it likes, and seldom says why.
      problem = Optional.of(command.bounds().tooMuchOutput());
    }
    Optional<Fileset> output = Optional.empty();
    if (problem.isEmpty()) {
      try {
        output = Optional.of(output(item, at, command, left));
      } catch (DatumRefusal e) {
        problem = Optional.ofNullable(e.getMessage());
      } catch (DassieException e) {
        if (!(e.fault() instanceof Fault.Invalid || e.fault() instanceof Fault.Conflict)) {
          throw e;
        }
        problem = Optional.of(e.fault().message());
      }
    }
    if (left) {
      Wipe.contents(at.slot().out());
    }
    return new Attempt(record(outcome, problem, log, started), output);
  }

  private void begin(Command command) {
    task.outbox().ifPresent(outbox -> outbox.begin(command.bounds().disk().most()));
  }

  /// @param left whether anything is in the output folder
  private Fileset output(Task.Item item, Lane at, Command command, boolean left)
      throws IOException, DatumRefusal {
    if (task.outbox().isEmpty()) {
      OutputLinks links = new OutputLinks(at.slot(), item.parts(), inputs, reading);
      return left ? at.output().collect(links, files, session, command.bounds()) : Filesets.EMPTY;
    }
    if (left) {
      throw new DatumRefusal(
          "The code left something in `/pfs/out`; with `s3Out` its output is the bucket `out`.");
    }
    return task.outbox().get().take();
  }

  private static Ending.Try record(
      Outcome outcome, Optional<String> problem, Body log, Instant started) {
    return new Ending.Try(
        outcome.exitCode(),
        problem,
        log,
        started,
        outcome.wallMicros(),
        outcome.userMicros(),
        outcome.systemMicros(),
        outcome.maxRssKib());
  }

  /// `errCmd` runs once, where the last try ran; its output is appended to that try's log.
  private boolean recovered(Task.Item item, List<Ending.Try> tries) throws InterruptedException {
    if (task.transform().errCmd().isEmpty() || tries.getLast().exitCode() == NOT_STARTED) {
      return false;
    }
    try {
      Lane at = beside.isPresent() ? beside.get().take() : lane();
      at.staging().show(item.parts(), inputs, reading);
      Command command =
          commands.of(item, at.slot(), task.transform().errCmd(), task.transform().errStdin());
      begin(command);
      Outcome outcome = at.slot().run(command);
      Ending.Try last = tries.removeLast();
      byte[] heading = "[dassie: errCmd]\n".getBytes(StandardCharsets.UTF_8);
      Body log;
      try (InputStream more =
          new SequenceInputStream(
              new SequenceInputStream(files.open(last.log()), new ByteArrayInputStream(heading)),
              masked.over(outcome.log().open()))) {
        log = files.write(more, session);
      }
      tries.add(
          new Ending.Try(
              last.exitCode(),
              last.problem(),
              log,
              last.started(),
              last.wallMicros(),
              last.userMicros(),
              last.systemMicros(),
              last.maxRssKib()));
      Wipe.contents(at.slot().out());
      if (beside.isPresent()) {
        beside.get().keep(at);
      }
      return commands.problem(outcome).isEmpty();
    } catch (SlotLostException | DatumRefusal | IOException e) {
      dropLane();
      return false;
    }
  }

  private Ending.Try notStarted(String problem) {
    return new Ending.Try(
        NOT_STARTED, Optional.of(problem), Body.Inline.EMPTY, Instant.now(), 0, 0, 0, 0);
  }

  private interface Opening {
    InputStream open() throws IOException;
  }

  private Body store(Opening log) throws IOException {
    try (InputStream in = masked.over(log.open())) {
      return files.write(in, session);
    }
  }

  private Lane lane() throws InterruptedException, SlotLostException {
    if (lane.isPresent() && !lane.get().slot().usable()) {
      dropLane();
    }
    if (lane.isEmpty()) {
      lane = Optional.of(lanes.take());
    }
    return lane.get();
  }

  private void dropLane() {
    lane.ifPresent(lanes::discard);
    lane = Optional.empty();
  }

  /// Gives the lane back.
  @Override
  public void close() {
    lane.ifPresent(lanes::keep);
    lane = Optional.empty();
  }
}
