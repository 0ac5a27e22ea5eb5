package dev.dassie.executor.datum;

import dev.dassie.content.Digest;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Optional;

/// The C program `dassie-runner`, which travels in this module's jar.
public final class RunnerProgram {
  private RunnerProgram() {}

  /// Unpacks it under a name with its hash, unless it is there. Empty where this build has none for
  /// the machine: it was made without a C compiler.
  public static Optional<Path> unpack(Path folder) throws IOException {
    byte[] program;
    try (InputStream resource = RunnerProgram.class.getResourceAsStream("dassie-runner")) {
      if (resource == null || !System.getProperty("os.name", "").equals("Linux")) {
        return Optional.empty();
      }
      program = resource.readAllBytes();
    }
    String hash = Digest.of(program).toString().substring(0, 16);
    Path place = folder.resolve("dassie-runner-" + hash);
    if (!Files.isExecutable(place)) {
      Path fresh = Files.createTempFile(folder, "dassie-runner-", ".new");
      Files.write(fresh, program);
      Files.setPosixFilePermissions(fresh, PosixFilePermissions.fromString("rwxr-xr-x"));
      Files.move(fresh, place, StandardCopyOption.ATOMIC_MOVE);
    }
    return Optional.of(place);
  }
}
