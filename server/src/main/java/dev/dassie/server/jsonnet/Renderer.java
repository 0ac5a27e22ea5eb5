package dev.dassie.server.jsonnet;

import dev.dassie.fault.Fault;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Renders Jsonnet templates, each in a process with bounds on time, memory and output, which reads
/// nothing but what came with the template. Two at a time; thread-safe.
public final class Renderer {
  private static final Duration LONGEST = Duration.ofSeconds(20);
  private static final int MAX_OUTPUT = 16 << 20;
  private static final List<String> MEMORY = List.of("-Xmx256m", "-Xss4m", "-XX:+UseSerialGC");
  private static final String DOCUMENT = "The template";

  /// A place in a trace: `at [Id x].(t.jsonnet:3:7)`.
  private static final Pattern PLACE = Pattern.compile("\\(([^()\n]+:[0-9]+:[0-9]+)\\)");

  private final Semaphore turns = new Semaphore(2, true);
  private final Duration longest;

  public Renderer() {
    this(LONGEST);
  }

  Renderer(Duration longest) {
    this.longest = longest;
  }

  /// The value of the template as JSON.
  ///
  /// @throws dev.dassie.fault.DassieException `Invalid` with what the interpreter says of it, or
  ///   where it takes longer than 20 s, more than 256 MB, or makes more than 16 MiB
  public String render(Template template) {
    try {
      if (!turns.tryAcquire(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Fault.Conflict(
                "Other templates are being rendered.", Optional.of("Repeat the command."))
            .asException();
      }
      try {
        return run(template);
      } finally {
        turns.release();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Failed("The rendering was interrupted.", Optional.empty()).asException();
    }
  }

  private String run(Template template) throws IOException, InterruptedException {
    Process process = start();
    try {
      CompletableFuture<byte[]> printed =
          CompletableFuture.supplyAsync(
              () -> read(process.getInputStream()), Thread::startVirtualThread);
      try (DataOutputStream out = new DataOutputStream(process.getOutputStream())) {
        template.write(out);
      } catch (IOException e) {
        // It ended before it had read all; its exit code says how.
      }
      if (!process.waitFor(longest.toMillis(), TimeUnit.MILLISECONDS)) {
        throw wrong("takes longer than %d seconds".formatted(longest.toSeconds()));
      }
      byte[] output = printed.join();
      if (output.length > MAX_OUTPUT) {
        throw wrong("makes more than 16 MiB");
      }
      String text = new String(output, StandardCharsets.UTF_8);
      return switch (process.exitValue()) {
        case 0 -> text;
        case RenderMain.WRONG -> throw said(text);
        default -> throw wrong("needs more than 256 MB of memory");
      };
    } finally {
      Process _ = process.destroyForcibly();
    }
  }

  private static Process start() throws IOException {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(MEMORY);
    command.addAll(
        List.of(
            "-XX:+ExitOnOutOfMemoryError",
            "-cp",
            System.getProperty("java.class.path"),
            RenderMain.class.getName()));
    ProcessBuilder builder = new ProcessBuilder(command);
    Map<String, String> environment = builder.environment();
    environment.clear();
    return builder.redirectError(ProcessBuilder.Redirect.DISCARD).start();
  }

  private static byte[] read(InputStream in) {
    try {
      return in.readNBytes(MAX_OUTPUT + 1);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static RuntimeException wrong(String what) {
    return new Fault.InvalidDocument(
            DOCUMENT,
            List.of(new Fault.InvalidDocument.Problem(0, 0, "It " + what + ".", Optional.empty())))
        .asException();
  }

  /// The interpreter's own words: what, and the innermost place.
  private static RuntimeException said(String text) {
    String first = text.lines().findFirst().orElse("").strip();
    String what = first.replaceFirst("^sjsonnet\\.\\w+: ", "").replaceFirst("\\.$", "");
    Matcher place = PLACE.matcher(text);
    String where = place.find() ? " (`" + place.group(1) + "`)" : "";
    return new Fault.InvalidDocument(
            DOCUMENT,
            List.of(new Fault.InvalidDocument.Problem(0, 0, what + where + ".", Optional.empty())))
        .asException();
  }
}
