package dev.dassie.server.worker;

import dev.dassie.fault.Fault;
import java.io.IOException;
import java.net.URI;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What `dassie worker` was told beyond the configuration that it shares with the server.
///
/// @param server the URL of the server
/// @param name for people
/// @param slots datums that it runs at once
/// @param store a folder or the URL of an S3 store, where the server's own place is not the one
///   here
/// @param token from the environment
/// @param rest flags of the configuration: `--sandbox`, `--expose` and others
public record WorkerOptions(
    URI server,
    String name,
    int slots,
    Optional<String> store,
    Optional<Path> tokenFile,
    Optional<String> token,
    List<String> rest) {
  private static final String URL = "http://127.0.0.1:7340";

  private static final List<String> FLAGS =
      List.of("--url", "--name", "--slots", "--store", "--token-file");

  public WorkerOptions {
    rest = List.copyOf(rest);
  }

  /// Reads flags and environment.
  public static WorkerOptions read(List<String> flags, Map<String, String> environment) {
    String url = environment.getOrDefault("DASSIE_URL", URL);
    String name = host() + "-" + ProcessHandle.current().pid();
    String slots = Integer.toString(Runtime.getRuntime().availableProcessors());
    Optional<String> store = Optional.empty();
    Optional<Path> tokenFile = Optional.empty();
    List<String> rest = new ArrayList<>();
    for (int i = 0; i < flags.size(); i++) {
      String flag = flags.get(i);
      int equals = flag.indexOf('=');
      String key = equals < 0 ? flag : flag.substring(0, equals);
      if (!FLAGS.contains(key)) {
        rest.add(flag);
        continue;
      }
      if (equals < 0 && i + 1 == flags.size()) {
        throw new Fault.Invalid("The flag", flag, "a value after it").asException();
      }
      String value = equals < 0 ? flags.get(++i) : flag.substring(equals + 1);
      switch (key) {
        case "--url" -> url = value;
        case "--name" -> name = value;
        case "--slots" -> slots = value;
        case "--store" -> store = Optional.of(value);
        default -> tokenFile = Optional.of(Path.of(value));
      }
    }
    if (!slots.matches("[1-9][0-9]{0,3}")) {
      throw new Fault.Invalid("`--slots`", slots, "a number from 1").asException();
    }
    Optional<String> token =
        Optional.of(environment.getOrDefault("DASSIE_TOKEN", "")).filter(text -> !text.isEmpty());
    try {
      return new WorkerOptions(
          new URI(url), name, Integer.parseInt(slots), store, tokenFile, token, rest);
    } catch (URISyntaxException e) {
      throw new Fault.Invalid("The server's URL", url, "one such as `" + URL + "`").asException();
    }
  }

  /// Whether the server is on this machine.
  public boolean isLoopback() {
    String host = String.valueOf(server.getHost());
    return host.equals("localhost") || host.startsWith("127.") || host.equals("[::1]");
  }

  private static String host() {
    try {
      String host = Files.readString(Path.of("/proc/sys/kernel/hostname")).strip();
      String plain = host.replaceAll("[^A-Za-z0-9.-]", "-").replaceAll("^[^A-Za-z0-9]+", "");
      return plain.isEmpty() ? "worker" : plain.substring(0, Math.min(40, plain.length()));
    } catch (IOException e) {
      return "worker";
    }
  }
}
