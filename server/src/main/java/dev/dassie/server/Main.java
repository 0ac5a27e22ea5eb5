package dev.dassie.server;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.logging.Level;
import java.util.logging.Logger;

/// `dassie server`: reads the configuration, starts an [Instance] and lets it run until a signal;
/// `dassie migrate`, which moves one; and `dassie worker`, which runs datums of one elsewhere.
public final class Main {
  private static final Logger LOG = Logger.getLogger(Main.class.getName());

  /// Ending takes no longer than this, whatever hangs.
  private static final Duration END = Duration.ofSeconds(9);

  /// As for any other conflict.
  private static final int LOST = 5;

  private Main() {}

  public static void main(String[] arguments) {
    long start = System.nanoTime();
    String first = arguments.length > 0 ? arguments[0] : "";
    String command = first.equals("migrate") || first.equals("worker") ? first : "server";
    try {
      if (command.equals("migrate")) {
        List<String> flags = List.of(arguments).subList(1, arguments.length);
        System.out.print(new Migrate(System.getenv(), System.err::println).run(flags));
        return;
      }
      if (command.equals("worker")) {
        List<String> flags = List.of(arguments).subList(1, arguments.length);
        WorkerProcess.run(flags, System.getenv());
        return;
      }
      Configuration configuration = Configuration.read(List.of(arguments), System.getenv());
      Home home = Home.open(configuration.home());
      Logs.start(home.log(), configuration.logLevel());
      Instance instance = Instance.start(configuration, home, Main::endLost);
      Runtime.getRuntime().addShutdownHook(new Thread(() -> end(instance), "end"));
      announce(configuration.announce(), instance);
      LOG.info(
          "Dassie %s serves at %s from %s, ready after %d ms"
              .formatted(
                  Build.CURRENT.version(),
                  instance.uri(),
                  configuration.home(),
                  (System.nanoTime() - start) / 1_000_000));
    } catch (DassieException e) {
      System.err.println("dassie " + command + ": " + e.fault().message());
      e.fault().hint().ifPresent(System.err::println);
      System.exit(exitCode(e.fault()));
    } catch (IOException e) {
      System.err.println("dassie " + command + ": the log cannot be written: " + e.getMessage());
      System.exit(1);
    } catch (Throwable e) {
      LOG.log(Level.SEVERE, "bug at the start", e);
      System.exit(70);
    }
  }

  /// Another server has the database: what this one does is refused already, and it had better end.
  private static void endLost() {
    LOG.severe("Another server took the database; this one changes nothing more, and ends");
    Thread.ofPlatform().name("lost").start(() -> System.exit(LOST));
  }

  private static void announce(Optional<Path> file, Instance instance) throws IOException {
    if (file.isPresent()) {
      Path written = Path.of(file.get() + ".new");
      Files.writeString(written, instance.uri() + "\n");
      Files.move(written, file.get(), StandardCopyOption.ATOMIC_MOVE);
    }
  }

  /// Ends everything in order; then, or when that takes too long, the processes that are left.
  private static void end(Instance instance) {
    Thread orderly = Thread.ofPlatform().daemon().name("close").start(instance::close);
    try {
      if (!orderly.join(END)) {
        LOG.warning("The server did not end in order within %d s".formatted(END.toSeconds()));
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    ProcessHandle.current().descendants().forEach(ProcessHandle::destroyForcibly);
  }

  /// The exit codes of the design, §6.
  private static int exitCode(Fault fault) {
    return switch (fault) {
      case Fault.NotFound _ -> 3;
      case Fault.AlreadyExists _ -> 5;
      case Fault.Invalid _ -> 2;
      case Fault.InvalidDocument _ -> 2;
      case Fault.Conflict _ -> 5;
      case Fault.PreconditionFailed _ -> 5;
      case Fault.Failed _ -> 1;
      case Fault.Denied _ -> 4;
      case Fault.Unsupported _ -> 2;
      case Fault.TimedOut _ -> 124;
      case Fault.Full _ -> 1;
      case Fault.Unavailable _ -> 1;
      case Fault.Corrupt _ -> 1;
    };
  }
}
