package dev.dassie.executor.process;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.Wipe;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;

/// Secrets as files of the host, in memory, for a sandbox that can only show files which are there:
/// in a folder that nobody else may enter, gone with the slot.
///
/// @param plan with those files in the place of the secrets
record HostSecrets(Path folder, RootPlan plan) {
  private static final Path MEMORY = Path.of("/dev/shm");

  /// Writes the secrets of a plan.
  static HostSecrets write(RootPlan plan, Lanes.Identity identity) throws IOException {
    Path folder =
        Files.createTempDirectory(
            MEMORY,
            "dassie-",
            PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    try {
      List<RootPlan.Step> steps = new ArrayList<>();
      for (RootPlan.Step step : plan.steps()) {
        if (step.kind() != 'S') {
          steps.add(step);
          continue;
        }
        Path file = folder.resolve(Integer.toString(steps.size()));
        Files.write(file, HexFormat.of().parseHex(step.second()));
        Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("r--------"));
        if (identity.root()) {
          Permissions.give(file, identity.uid(), identity.gid());
        }
        steps.add(new RootPlan.Step('R', file.toString(), step.first()));
      }
      return new HostSecrets(folder, plan.with(steps));
    } catch (IOException e) {
      Wipe.tree(folder);
      throw e;
    }
  }
}
