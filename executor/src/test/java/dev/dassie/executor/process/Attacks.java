package dev.dassie.executor.process;

import dev.dassie.executor.datum.Lane;
import dev.dassie.executor.datum.Permissions;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/// What hostile code tries. Each script prints `ESCAPED` where it got through; a secret of the host
/// in its output is an escape too, and so is a changed file of the host.
final class Attacks {
  private Attacks() {}

  static Map<String, String> scripts(Playground ground, Lane lane) {
    Map<String, String> scripts = new LinkedHashMap<>();
    cache(scripts, lane);
    if (ground.means.sandbox() == Sandbox.NAMESPACES) {
      runner(scripts); // pid 1 of bwrap is the user's own and holds nothing
    }
    host(scripts, ground);
    processes(scripts);
    return scripts;
  }

  private static void cache(Map<String, String> scripts, Lane lane) {
    String write = "echo changed > /pfs/in/data.txt";
    scripts.put("writes to an input", write + " && echo ESCAPED");
    scripts.put("makes a file beside an input", "touch /pfs/in/new /pfs/new && echo ESCAPED");
    scripts.put("changes the mode of an input", "chmod 666 /pfs/in/data.txt && echo ESCAPED");
    scripts.put(
        "remounts read-write",
        "mount -o remount,rw /pfs; mount -o remount,rw,bind /pfs; " + write + " && echo ESCAPED");
    scripts.put("unmounts", "umount -l /pfs && echo ESCAPED; umount /home && echo ESCAPED");
    scripts.put(
        "writes through the host's path",
        "echo changed > " + lane.slot().inputs() + "/in/data.txt && echo ESCAPED");
    scripts.put(
        "nests a user namespace",
        "unshare -Urm sh -c 'mount -o remount,rw,bind /pfs; umount -l /pfs/in; umount -l /pfs;"
            + " mount -o remount,rw /; "
            + write
            + " && echo ESCAPED; touch /usr/dassie && echo ESCAPED'");
    scripts.put(
        "links an input to where it may write",
        "ln /pfs/in/data.txt /pfs/out/link && echo ESCAPED; rm -f /pfs/out/link");
    scripts.put("kills the runner", "kill -9 1; kill -STOP 1; kill -TERM 1; echo still here");
  }

  private static void runner(Map<String, String> scripts) {
    scripts.put(
        "goes through /proc/1/root",
        "ls /proc/1/root/ && echo ESCAPED; ls /proc/1/fd/ && echo ESCAPED;"
            + " echo changed > /proc/1/root/pfs/in/data.txt && echo ESCAPED");
    scripts.put(
        "reads the runner's memory",
        "head -c 1 /proc/1/mem && echo ESCAPED; grep -q . /proc/1/maps && echo ESCAPED;"
            + " tr '\\0' '\\n' < /proc/1/environ | grep . && echo ESCAPED");
  }

  private static void host(Map<String, String> scripts, Playground ground) {
    scripts.put(
        "writes to the host",
        "for d in / /usr /etc /var /var/tmp /run /home /root /opt /srv /sys /proc/sys/kernel "
            + ground.base
            + "; do touch $d/dassie-escape 2>/dev/null && echo ESCAPED $d; done");
    scripts.put("reads a file of root", "cat /etc/shadow && echo ESCAPED");
    scripts.put(
        "reads a home",
        "cat " + ground.note + "; ls -A " + ground.home + " | grep . && echo ESCAPED");
    scripts.put("writes to a home", "touch " + ground.home + "/new && echo ESCAPED");
    scripts.put(
        "looks into homes",
        "ls -A /root | grep . && echo ESCAPED; ls /home | grep -v '^dassie$' && echo ESCAPED");
    scripts.put(
        "reads the store",
        "cat "
            + ground.secret
            + " /proc/*/root"
            + ground.secret
            + "; ls -A "
            + ground.dassieHome
            + " | grep . && echo ESCAPED");
    scripts.put(
        "talks to services in /run",
        "ls /run/docker.sock /run/user /run/dbus /var/run/docker.sock 2>/dev/null && echo ESCAPED");
    scripts.put(
        "makes devices",
        "mknod /tmp/disk b 8 0 && echo ESCAPED; mknod /tmp/mem c 1 1 && echo ESCAPED;"
            + " ls /dev/sda /dev/vda /dev/mem /dev/kmsg 2>/dev/null && echo ESCAPED");
    scripts.put(
        "becomes root", "su -c id && echo ESCAPED; sudo -n id && echo ESCAPED; id -u | grep -x 0");
    scripts.put(
        "has capabilities",
        "grep -E 'Cap(Prm|Eff|Bnd|Amb|Inh)' /proc/self/status | grep -v '0000000000000000'"
            + " && echo ESCAPED; grep 'NoNewPrivs:.0' /proc/self/status && echo ESCAPED");
    scripts.put(
        "chroots out", "chroot /proc/1/root true && echo ESCAPED; chroot / true && echo ESCAPED");
  }

  private static void processes(Map<String, String> scripts) {
    long own = ProcessHandle.current().pid();
    scripts.put(
        "sees other processes",
        "ls /proc | grep -x '[0-9]*' | while read p; do tr '\\0' ' ' < /proc/$p/cmdline;"
            + " done 2>/dev/null | grep -E 'java|surefire' | grep -v grep && echo ESCAPED");
    scripts.put(
        "reads the server's environment",
        "tr '\\0' '\\n' < /proc/" + own + "/environ | grep . && echo ESCAPED");
    scripts.put("kills the server", "kill -0 " + own + " && echo ESCAPED");
  }

  /// Runs every attack, each in the same lane, and gives those that got through with what they
  /// printed.
  static List<String> run(Playground ground) throws Exception {
    List<String> successes = new ArrayList<>();
    Lane lane = ground.lane();
    Path input = Playground.input(lane);
    for (Map.Entry<String, String> attack : scripts(ground, lane).entrySet()) {
      String printed = Playground.output(lane, attack.getValue());
      boolean changed =
          !Files.readString(input).equals("original")
              || !Files.readString(ground.note).equals(Playground.SECRET)
              || !Files.readString(ground.secret).equals(Playground.SECRET);
      if (changed || printed.contains("ESCAPED") || printed.contains(Playground.SECRET)) {
        successes.add(attack.getKey() + ": " + printed);
      }
    }
    ground.lanes.keep(lane);
    return successes;
  }

  /// For a process of its own, as another user: prints what got through, or `held N`.
  public static void main(String[] arguments) throws Exception {
    try (Playground ground = new Playground(Sandbox.valueOf(arguments[0]))) {
      List<String> successes = run(ground);
      successes.forEach(System.out::println);
      if (successes.isEmpty()) {
        Lane lane = ground.lane();
        System.out.println("held " + scripts(ground, lane).size() + " as " + Permissions.ownUid());
        ground.lanes.keep(lane);
      }
    }
  }
}
