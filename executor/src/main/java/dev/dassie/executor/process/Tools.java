package dev.dassie.executor.process;

import dev.dassie.executor.datum.Slot;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// The installation of Dassie, for code that commands the server itself: the launcher script with
/// what it starts, and the Java that it runs on. Shown read-only, at places of their own.
///
/// @param folder the folder of the launcher
/// @param java the home of the Java installation
public record Tools(Path folder, Path java) {
  private static final String PLACE = "/run/dassie";
  private static final String JAVA = "/run/dassie-java";
  private static final String LAUNCHER = "dassie";
  private static final String PROGRAMS = "target/dassie";

  /// The installation that a launcher belongs to, if it is whole.
  public static Optional<Tools> of(Optional<Path> launcher) {
    Path java = Path.of(System.getProperty("java.home", ""));
    return launcher
        .map(Path::getParent)
        .map(folder -> new Tools(folder, java))
        .filter(tools -> Files.isExecutable(tools.folder.resolve(LAUNCHER)))
        .filter(tools -> Files.isDirectory(tools.folder.resolve(PROGRAMS)))
        .filter(tools -> Files.isExecutable(tools.java.resolve("bin/java")));
  }

  /// What makes them visible in a private root.
  List<RootPlan.Step> steps() {
    List<RootPlan.Step> steps = new ArrayList<>();
    steps.add(new RootPlan.Step('D', PLACE, "0755"));
    steps.add(new RootPlan.Step('D', PLACE + "/target", "0755"));
    for (String part : List.of(LAUNCHER, PROGRAMS)) {
      steps.add(new RootPlan.Step('R', folder.resolve(part).toString(), PLACE + "/" + part));
    }
    steps.add(new RootPlan.Step('R', java.toString(), JAVA));
    return steps;
  }

  /// The variables with which commands find them.
  Map<String, String> variables(Slot.Layout layout, String path) {
    boolean apart = layout.equals(Slot.Layout.PRIVATE);
    Map<String, String> variables = new LinkedHashMap<>();
    variables.put("PATH", path + ":" + (apart ? PLACE : folder.toString()));
    variables.put("DASSIE_JAVA_HOME", apart ? JAVA : java.toString());
    return variables;
  }
}
