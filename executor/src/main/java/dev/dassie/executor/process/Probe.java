package dev.dassie.executor.process;

import dev.dassie.executor.datum.Command;
import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.Outcome;
import dev.dassie.executor.datum.RunnerProgram;
import dev.dassie.executor.datum.SlotLostException;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Finds out which sandbox works here, by running `true` in it.
final class Probe {
  private static final Duration PATIENCE = Duration.ofSeconds(20);
  private static final int LOG = 2048;

  private final Path folder;
  private final Settings settings;
  private final Lanes lanes;
  private final boolean root;
  private final List<String> reasons = new ArrayList<>();

  Probe(Path folder, Settings settings, Lanes lanes, boolean root) {
    this.folder = folder;
    this.settings = settings;
    this.lanes = lanes;
    this.root = root;
  }

  /// @param reason what was tried in vain and what to do about it; empty where the best works
  record Result(Optional<Lanes.Means> means, String reason) {}

  Result choose() throws IOException {
    Optional<Sandbox> wish = settings.sandbox();
    if (wish.isEmpty() || wish.get() == Sandbox.NAMESPACES) {
      Optional<Path> runner = RunnerProgram.unpack(folder);
      if (runner.isEmpty()) {
        reasons.add("Namespaces: this build has no dassie-runner for this machine.");
      } else if (works(new Lanes.Namespaces(runner.get()), "Namespaces")) {
        return result(new Lanes.Namespaces(runner.get()));
      }
    }
    if (wish.isEmpty() || wish.get() == Sandbox.BUBBLEWRAP) {
      Optional<Bubblewrap> bubblewrap = Bubblewrap.find(settings.path(), root);
      if (bubblewrap.isEmpty()) {
        reasons.add("Bubblewrap: `bwrap` is not installed" + (root ? ", or `setpriv`." : "."));
      } else if (works(new Lanes.Wrapped(bubblewrap.get()), "Bubblewrap")) {
        return result(new Lanes.Wrapped(bubblewrap.get()));
      }
    }
    if (wish.isPresent() && wish.get() == Sandbox.NONE) {
      return result(new Lanes.Bare(RunnerProgram.unpack(folder)));
    }
    reasons.add(
        "Allow user namespaces (sysctl user.max_user_namespaces, or the AppArmor profile), install"
            + " bubblewrap, or start the server with `--sandbox none`, where datums are not kept"
            + " apart from this machine.");
    return new Result(Optional.empty(), String.join(" ", reasons));
  }

  private Result result(Lanes.Means means) {
    return new Result(Optional.of(means), String.join(" ", reasons));
  }

  private boolean works(Lanes.Means means, String name) {
    LaneKind kind = new LaneKind(List.of(), false, Optional.empty(), List.of());
    try {
      Lane lane = lanes.take(kind, means);
      Outcome outcome = lane.slot().run(command());
      if (outcome.exitCode() == 0) {
        lanes.keep(lane);
        return true;
      }
      byte[] log = outcome.log().open().readNBytes(LOG);
      reasons.add(
          name
              + ": `true` ended with exit code "
              + outcome.exitCode()
              + ": "
              + new String(log, java.nio.charset.StandardCharsets.UTF_8).strip());
      lanes.discard(lane);
    } catch (SlotLostException e) {
      reasons.add(name + ": " + e.getMessage() + ".");
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      reasons.add(name + ": the attempt was interrupted.");
    } catch (IOException e) {
      reasons.add(name + ": " + e.getMessage() + ".");
    }
    return false;
  }

  private static Command command() {
    return new Command(
        List.of("true"),
        Map.of("PATH", "/usr/bin:/bin:/run/current-system/sw/bin"),
        "/tmp",
        new byte[0],
        Optional.of(PATIENCE),
        LOG);
  }
}
