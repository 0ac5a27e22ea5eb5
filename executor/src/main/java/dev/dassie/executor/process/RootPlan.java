package dev.dassie.executor.process;

import dev.dassie.executor.datum.Frames;
import dev.dassie.executor.datum.Slot;
import dev.dassie.job.Disclosure.SecretFile;
import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// What the private root of a slot holds (design D7): the host's folders read-only, without home
/// folders, Dassie's own folder, `/run` and other processes; small fresh `/dev`, `/proc`, `/tmp`;
/// `/pfs`; and what is exposed. The steps are made in order by `root.c`, which explains the kinds.
///
/// @param root a folder of the host to mount the new root on
/// @param log the file that takes long output
record RootPlan(
    int uid,
    int gid,
    boolean ownNetwork,
    long scratchBytes,
    Path root,
    Path log,
    List<Step> steps) {
  /// Entries of the host's root that the sandbox has of its own, or not at all.
  private static final Set<String> OWN =
      Set.of("proc", "dev", "tmp", "pfs", "source", "home", "root", "run", "lost+found");

  /// What of `/run` is not a door to a service: name resolution, and the system itself on NixOS.
  private static final List<String> RUN =
      List.of(
          "/run/systemd/resolve",
          "/run/resolvconf",
          "/run/NetworkManager/resolv.conf",
          "/run/current-system",
          "/run/booted-system",
          "/run/opengl-driver");

  RootPlan {
    steps = List.copyOf(steps);
  }

  /// One mount, folder or link; `kind` is the letter in `root.c`.
  record Step(char kind, String first, String second) {
    /// Never shows the bytes of a secret.
    @Override
    public String toString() {
      return kind + " " + first + (kind == 'S' ? "" : " " + second);
    }
  }

  /// What a plan is made from.
  ///
  /// @param slot the folder of the slot: `pfs`, `out`, `root`, `log`
  /// @param hidden Dassie's own folders, real paths
  /// @param homes home folders, real paths
  record Request(
      Path slot,
      Set<Path> hidden,
      Set<Path> homes,
      List<Path> exposed,
      Optional<Path> source,
      Optional<Tools> tools,
      boolean ownNetwork,
      List<SecretFile> secrets,
      int uid,
      int gid,
      long scratchBytes) {}

  /// Whether a secret is to be written into the root.
  boolean hasSecrets() {
    return steps.stream().anyMatch(step -> step.kind() == 'S');
  }

  RootPlan with(List<Step> others) {
    return new RootPlan(uid, gid, ownNetwork, scratchBytes, root, log, others);
  }

  /// The frame that sets a runner up.
  byte[] frame() {
    return Frames.frame(
        Frames.SETUP,
        out -> {
          out.writeInt(uid);
          out.writeInt(gid);
          out.writeByte(ownNetwork ? 1 : 0);
          out.writeLong(scratchBytes);
          Frames.string(out, root.toString());
          Frames.string(out, log.toString());
          out.writeInt(steps.size());
          for (Step step : steps) {
            out.writeByte(step.kind());
            Frames.string(out, step.first());
            Frames.string(out, step.second());
          }
        });
  }

  static RootPlan of(Request request) throws IOException {
    List<Step> steps = new ArrayList<>();
    SecretFolders secrets = new SecretFolders(request.secrets());
    hostFolders(steps, secrets);
    devices(steps);
    steps.add(new Step('D', "/home", "0755"));
    if (Files.isDirectory(Path.of("/root"))) {
      steps.add(new Step('D', "/root", "0755"));
    }
    homes(request, steps);
    // Made here: bwrap would give them the mode of the files that go in.
    secrets.folders().forEach(folder -> steps.add(new Step('D', folder.toString(), "0755")));
    for (SecretFile file : secrets.files()) {
      steps.add(new Step('S', file.path(), HexFormat.of().formatHex(file.bytes())));
    }
    request.tools().ifPresent(tools -> steps.addAll(tools.steps()));
    request.source().ifPresent(source -> steps.add(new Step('R', source.toString(), "/source")));
    steps.add(new Step('R', request.slot().resolve("pfs").toString(), "/pfs"));
    steps.add(new Step('W', request.slot().resolve("out").toString(), "/pfs/out"));
    for (Path hidden : request.hidden()) {
      if (request.hidden().stream().noneMatch(p -> hidden.startsWith(p) && !hidden.equals(p))) {
        steps.add(new Step('H', hidden.toString(), ""));
      }
    }
    steps.add(new Step('T', Slot.Layout.PRIVATE.home(), "0700"));
    steps.add(new Step('T', "/dev/shm", "1777"));
    steps.add(new Step('T', Slot.Layout.PRIVATE.temporary(), "1777"));
    return new RootPlan(
        request.uid(),
        request.gid(),
        request.ownNetwork(),
        request.scratchBytes(),
        request.slot().resolve("root"),
        request.slot().resolve("log"),
        steps);
  }

  private static void hostFolders(List<Step> steps, SecretFolders secrets) throws IOException {
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(Path.of("/"))) {
      for (Path entry : entries) {
        String name = String.valueOf(entry.getFileName());
        if (OWN.contains(name)) {
          continue;
        }
        if (Files.isSymbolicLink(entry)) {
          steps.add(new Step('L', Files.readSymbolicLink(entry).toString(), entry.toString()));
        } else if (Files.isDirectory(entry) && !secrets.open(entry, steps)) {
          steps.add(new Step('O', entry.toString(), entry.toString()));
        }
      }
    }
    steps.add(new Step('D', "/run", "0755"));
    for (String path : RUN) {
      if (Files.exists(Path.of(path))) {
        steps.add(new Step('O', path, path));
      }
    }
  }

  private static void devices(List<Step> steps) {
    steps.add(new Step('D', "/dev", "0755"));
    for (String device : List.of("null", "zero", "full", "random", "urandom", "tty")) {
      steps.add(new Step('V', "/dev/" + device, "/dev/" + device));
    }
    steps.add(new Step('L', "/proc/self/fd", "/dev/fd"));
    steps.add(new Step('L', "/proc/self/fd/0", "/dev/stdin"));
    steps.add(new Step('L', "/proc/self/fd/1", "/dev/stdout"));
    steps.add(new Step('L', "/proc/self/fd/2", "/dev/stderr"));
    steps.add(new Step('Y', "/dev/pts", ""));
    steps.add(new Step('L', "pts/ptmx", "/dev/ptmx"));
    steps.add(new Step('Q', "/dev/mqueue", ""));
    steps.add(new Step('P', "/proc", ""));
  }

  private static void homes(Request request, List<Step> steps) {
    List<String> covered = new ArrayList<>();
    for (Path home : new TreeSet<>(request.homes())) {
      if (!isOwn(home) && Files.isDirectory(home)) {
        steps.add(new Step('M', home.toString(), ""));
        covered.add(home.toString());
      }
    }
    for (Path exposed : new TreeSet<>(request.exposed())) {
      if (isOwn(exposed) || request.homes().stream().anyMatch(exposed::startsWith)) {
        steps.add(new Step('R', exposed.toString(), exposed.toString()));
      }
    }
    for (String home : covered) {
      steps.add(new Step('F', home, ""));
    }
  }

  /// Whether the path lies where the sandbox has nothing of the host's.
  static boolean isOwn(Path path) {
    return path.getNameCount() > 0 && OWN.contains(path.getName(0).toString());
  }
}
