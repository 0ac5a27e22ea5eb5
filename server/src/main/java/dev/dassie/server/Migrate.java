package dev.dassie.server;

import dev.dassie.content.ObjectStore;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// `dassie migrate --database … --store …`: moves the instance of `$DASSIE_HOME`, as it is
/// configured without these flags, to where they say. Progress goes to one place, the result to
/// another.
final class Migrate {
  private final Map<String, String> environment;
  private final Consumer<String> progress;
  private final Deque<Stores.Opened<?>> opened = new ArrayDeque<>();

  Migrate(Map<String, String> environment, Consumer<String> progress) {
    this.environment = environment;
    this.progress = progress;
  }

  /// Moves, and returns what was done in sentences.
  ///
  /// @param arguments flags of the server
  String run(List<String> arguments) {
    Configuration old = Configuration.read(withoutTarget(arguments), environment);
    Configuration next = Configuration.read(arguments, environment);
    boolean database = !old.database().equals(next.database());
    boolean store = !old.store().equals(next.store());
    if (!database && !store) {
      throw new Fault.Invalid(
              "The new place",
              "%s, %s".formatted(shown(next, Option.DATABASE), shown(next, Option.STORE)),
              "`--database`, `--store` or both to name another one than now")
          .asException();
    }
    try (Home home = Home.open(old.home())) {
      try {
        Migration.Place from = from(old, home);
        Migration.Place to =
            new Migration.Place(
                database ? database(next, home).value() : from.metadata(),
                database ? opened.getFirst().place() : from.database(),
                store ? store(next, home, "next").value() : from.objects(),
                store ? opened.getFirst().place() : from.store());
        return told(new Migration(from, to, progress).run(), next, database, store);
      } finally {
        opened.forEach(Stores.Opened::close);
      }
    }
  }

  private Migration.Place from(Configuration old, Home home) {
    Stores.Opened<Metadata> rows = database(old, home);
    Stores.Opened<ObjectStore> objects = store(old, home, "old");
    return new Migration.Place(rows.value(), rows.place(), objects.value(), objects.place());
  }

  private Stores.Opened<Metadata> database(Configuration configuration, Home home) {
    Stores.Opened<Metadata> rows = Stores.openDatabase(configuration, home, environment, () -> {});
    opened.push(rows);
    return rows;
  }

  private Stores.Opened<ObjectStore> store(Configuration configuration, Home home, String name) {
    Stores.Opened<ObjectStore> objects =
        Stores.openStore(configuration, home.store(), home.spill().resolve("migrate-" + name));
    opened.push(objects);
    return objects;
  }

  /// The flags that say where things are, with their values.
  private static List<String> withoutTarget(List<String> arguments) {
    List<String> targets = List.of(Option.DATABASE.flag(), Option.STORE.flag());
    ArrayDeque<String> rest = new ArrayDeque<>(arguments);
    List<String> left = new ArrayList<>();
    while (!rest.isEmpty()) {
      String argument = rest.remove();
      if (targets.contains(argument)) {
        rest.poll();
      } else if (targets.stream().noneMatch(flag -> argument.startsWith(flag + "="))) {
        left.add(argument);
      }
    }
    return left;
  }

  private static String shown(Configuration configuration, Option option) {
    return configuration.settings().stream()
        .filter(setting -> setting.key().equals(option.key()))
        .findFirst()
        .map(setting -> setting.value())
        .orElse("");
  }

  private static String told(
      Optional<Migration.Moved> done, Configuration next, boolean database, boolean store) {
    Migration.Moved moved = done.orElse(new Migration.Moved(0, 0, 0, 0));
    StringBuilder text =
        new StringBuilder(done.isPresent() ? "Moved and compared: " : "All was moved before");
    if (done.isPresent() && store) {
      text.append("%,d objects of %,d bytes".formatted(moved.objects(), moved.bytes()));
    }
    if (done.isPresent() && database) {
      text.append(store ? ", " : "")
          .append("%,d rows and %,d changes".formatted(moved.rows(), moved.events()));
    }
    text.append(".\nNo server starts on the old place any more. Configure the new one:\n");
    if (database) {
      text.append("  database: %s\n".formatted(shown(next, Option.DATABASE)));
    }
    if (store) {
      text.append("  store: %s\n".formatted(shown(next, Option.STORE)));
    }
    return text.toString();
  }
}
