package dev.dassie.store.disk;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Digest;
import dev.dassie.content.Packs;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/// A process of its own for tests: puts chunks and publishes them, without end or until the disk is
/// full, and prints the digest of each chunk after it is published. Arguments: folder, seed, and
/// optionally a limit in bytes on the size of a file, from the second session on.
public final class ChunkWriter {
  private ChunkWriter() {}

  /// Ends with 3 when the disk is full, after `FULL`.
  public static void main(String[] arguments) throws Exception {
    Path folder = Path.of(arguments[0]);
    Random random = new Random(Long.parseLong(arguments[1]));
    try {
      write(folder, random, List.of(arguments).subList(2, arguments.length));
    } catch (DassieException e) {
      System.out.println(e.fault() instanceof Fault.Full ? "FULL" : "FAULT " + e.fault());
      System.out.flush();
      System.exit(3);
    }
  }

  private static void write(Path folder, Random random, List<String> limit) throws Exception {
    List<String> pending = limit;
    Packs packs = new Packs(new DiskObjectStore(folder.resolve("store")), folder.resolve("index"));
    System.out.println("READY");
    while (true) {
      List<Digest> ids = new ArrayList<>();
      try (ChunkStore.Session session = packs.session()) {
        int chunks = 1 + random.nextInt(60);
        for (int i = 0; i < chunks; i++) {
          byte[] bytes = new byte[random.nextInt(random.nextInt(8) == 0 ? 400_000 : 20_000)];
          random.nextBytes(bytes);
          ChunkStore.Role role = random.nextBoolean() ? ChunkStore.Role.DATA : ChunkStore.Role.TREE;
          ids.add(session.put(role, bytes, 0, bytes.length));
        }
        session.publish();
      }
      for (Digest id : ids) {
        System.out.println(id);
      }
      System.out.flush();
      for (String bytes : pending) {
        String own = Long.toString(ProcessHandle.current().pid());
        new ProcessBuilder("prlimit", "--pid", own, "--fsize=" + bytes).start().waitFor();
      }
      pending = List.of();
    }
  }
}
