package dev.dassie.executor.datum;

import dev.dassie.job.Task;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Turns what a task says of its code into commands, and how they ended into sentences.
public final class Commands {
  /// Exit codes of a program that is there and cannot be run, and of one that is not, follow.
  private static final int CANNOT = 125;

  private static final String COMPLAINT = "dassie: ";

  private final Task task;
  private final Ceilings ceilings;
  private final Map<String, String> base;
  private final Additions additions;

  /// @param base variables that the datum gets where nothing else sets them, `PATH` among them
  public Commands(Task task, Ceilings ceilings, Map<String, String> base, Additions additions) {
    this.task = task;
    this.ceilings = ceilings;
    this.base = new TreeMap<>(base);
    this.additions = additions;
  }

  /// Variables that are set last.
  public interface Additions {
    /// None.
    Additions NONE = (layout, variables) -> Map.of();

    Map<String, String> to(Slot.Layout layout, Map<String, String> variables);
  }

  /// The command for a datum in a slot; its variables stand in `/pfs/.env` too.
  public Command of(Task.Item item, Slot at, List<String> line, List<String> stdin)
      throws IOException {
    Slot.Layout layout = at.layout();
    Map<String, String> variables = Variables.of(task, item, layout, base);
    variables.putAll(additions.to(layout, variables));
    write(Variables.lines(variables), at);
    String input = stdin.isEmpty() ? "" : String.join("\n", stdin) + "\n";
    Command command =
        new Command(
            line.stream().map(word -> Variables.place(word, layout)).toList(),
            withSecrets(variables),
            folder(layout),
            Variables.place(input, layout).getBytes(StandardCharsets.UTF_8),
            task.limits().timeout(),
            task.limits().logBytes());
    return command.within(ceilings.of(task.limits().resources()));
  }

  /// One that is overwritten costs less than one made anew, and one that is emptied first goes to
  /// the disk each time. Where code could put a link there it is made anew.
  private static void write(String lines, Slot at) throws IOException {
    Path file = at.inputs().resolve(".env");
    if (!at.guardsInputs()) {
      Files.deleteIfExists(file);
      Files.writeString(file, lines, StandardOpenOption.CREATE_NEW);
      return;
    }
    byte[] bytes = lines.getBytes(StandardCharsets.UTF_8);
    try (FileChannel channel =
        FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE)) {
      ByteBuffer left = ByteBuffer.wrap(bytes);
      while (left.hasRemaining()) {
        channel.write(left);
      }
      channel.truncate(bytes.length);
    }
  }

  /// Secrets are the code's alone: they do not stand in `/pfs/.env`, which is on the disk.
  private Map<String, String> withSecrets(Map<String, String> variables) {
    Map<String, String> all = new LinkedHashMap<>(variables);
    all.putAll(task.secrets().variables());
    return all;
  }

  private String folder(Slot.Layout layout) {
    String start = task.source().isPresent() ? layout.source() : layout.home();
    return task.transform()
        .workingDir()
        .map(folder -> folder.startsWith("/") ? folder : start + "/" + folder)
        .map(folder -> Variables.place(folder, layout))
        .orElse(start);
  }

  /// Why the code failed, in a sentence; nothing where it ended well.
  public Optional<String> problem(Outcome outcome) {
    if (outcome.timedOut()) {
      return Optional.of(
          "The code did not end within "
              + seconds(task.limits().timeout().orElse(Duration.ZERO))
              + " and was killed.");
    }
    if (outcome.error().isPresent()) {
      return outcome.error();
    }
    if (outcome.outOfMemory()) {
      return Optional.of("The code was killed by the kernel because memory ran out.");
    }
    if (outcome.signal() != 0) {
      return Optional.of(
          "The code was killed by signal " + Signals.describe(outcome.signal()) + ".");
    }
    int code = outcome.exitCode();
    if (code == 0 || task.transform().acceptReturnCode().contains(code)) {
      return Optional.empty();
    }
    return Optional.of(notFound(outcome).orElse("The code ended with exit code " + code + "."));
  }

  /// What the runner says of a program that it could not start.
  private static Optional<String> notFound(Outcome outcome) {
    String said = new String(outcome.log().held(), StandardCharsets.UTF_8);
    return outcome.exitCode() > CANNOT
            && outcome.exitCode() <= CANNOT + 2
            && said.startsWith(COMPLAINT)
            && said.indexOf('\n') == said.length() - 1
        ? Optional.of(
            "The code did not start: %s (exit code %d)."
                .formatted(said.substring(COMPLAINT.length()).strip(), outcome.exitCode()))
        : Optional.empty();
  }

  private static String seconds(Duration time) {
    return time.toMillis() % 1000 == 0
        ? time.toSeconds() + " s"
        : "%.3f s".formatted(time.toMillis() / 1000.0);
  }
}
