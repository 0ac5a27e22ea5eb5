package dev.dassie.executor.process;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.fileset.Fileset;
import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import java.util.List;
import java.util.Map;

/// A main class that runs datums as whoever starts it, and says whether they went as they should.
final class UserDatums {
  private UserDatums() {}

  public static void main(String[] arguments) throws Exception {
    try (Workshop shop = new Workshop(Sandbox.valueOf(arguments[0]))) {
      String big = "abcdefgh".repeat(100_000);
      Task.Part part = shop.part("in", shop.fileset(Map.of("d/big", big, "d/small", "s")), "d");
      String script =
          "id -u; cat /pfs/in/d/small; cp /pfs/in/d/big /pfs/out/; touch /tmp/x ~/x; mkdir /pfs/out/l;"
              + " echo hid > /pfs/out/l/f; chmod 0 /pfs/out/l/f /pfs/out/l;"
              + " echo x > /pfs/in/d/small; echo x > /pfs/in/d/big; chmod 666 /pfs/in/d/big; exit 0";
      Task task =
          shop.task(Workshop.shell(script), shop.item(part), shop.item(part), shop.item(part));

      List<Ending> endings = shop.run(task);

      int good = 0;
      for (Ending ending : endings) {
        if (shop.contents(ending).equals(Map.of("/big", big, "/l/f", "hid\n"))
            && shop.log(ending).startsWith(Permissions.ownUid() + "\ns")) {
          good++;
        } else {
          System.out.println(shop.log(ending) + shop.contents(ending).keySet());
        }
      }
      good += single(shop);
      System.out.println(shop.executor.sandbox() + ": " + good + " datums as they should be");
    }
  }

  /// One read-only file after another, each longer or shorter than the last.
  private static int single(Workshop shop) throws Exception {
    Map<String, String> contents = Map.of("a", "a long one", "b", "short", "c", "middling");
    Fileset repo = shop.fileset(contents);
    List<String> names = List.of("a", "b", "c", "b", "a");
    Task.Item[] items =
        names.stream()
            .map(name -> shop.item(shop.part("in", repo, name)))
            .toArray(Task.Item[]::new);

    List<Ending> endings =
        shop.run(shop.task(Workshop.shell("cd /pfs/in; stat -c '%n %A' *; cat *"), items));

    int good = 0;
    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i);
      String log = shop.log(endings.get(i));
      if (log.equals(name + " -r--r--r--\n" + contents.get(name))) {
        good++;
      } else {
        System.out.println(log);
      }
    }
    return good;
  }
}
