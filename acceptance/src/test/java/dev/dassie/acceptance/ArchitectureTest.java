package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.library.dependencies.SlicesRuleDefinition;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.TreeSet;
import java.util.function.BiPredicate;
import org.junit.jupiter.api.Test;

/// Rooms, their order and their walls (ARCHITECTURE.md).
class ArchitectureTest {
  /// The rooms of core; each may use those before it.
  private static final List<String> ROOMS =
      List.of(
          "fault",
          "content",
          "metadata",
          "fileset",
          "version",
          "pipeline",
          "job",
          "lineage",
          "remote",
          "retention");

  /// Packages of one module that must not know each other.
  private static final List<List<String>> STRANGERS =
      List.of(
          List.of("dev.dassie.store.disk", "dev.dassie.store.s3", "dev.dassie.store.sql"),
          List.of("dev.dassie.executor.process", "dev.dassie.executor.container"),
          List.of("dev.dassie.server.http", "dev.dassie.server.s3"),
          List.of(
              "dev.dassie.server.console", "dev.dassie.server.jsonnet", "dev.dassie.server.spec"));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .importPaths(
              List.of("core", "store", "executor", "api", "server", "cli", "bench").stream()
                  .map(module -> ProjectTree.ROOT.resolve(module).resolve("target/classes"))
                  .filter(Files::isDirectory)
                  .toList());

  @Test
  void thereIsSomethingToLookAt() {
    assertThat(CLASSES.stream().filter(ArchitectureTest::isOurs).count()).isGreaterThan(200);
    for (String room : ROOMS) {
      assertThat(CLASSES.stream().filter(type -> roomOf(type).equals(room)))
          .as("classes of " + room)
          .isNotEmpty();
    }
  }

  @Test
  void roomsUseOnlyRoomsBeforeThem() {
    assertThat(
            breaches((from, to) -> {
              int user = ROOMS.indexOf(roomOf(from));
              int used = ROOMS.indexOf(roomOf(to));
              return user >= 0 && (used > user || isFacade(to));
            }))
        .isEmpty();
  }

  @Test
  void coreUsesTheJdkZstdAndCronUtilsAlone() {
    assertThat(
            breaches((from, to) ->
                isCore(from)
                    && !isCore(to)
                    && !startsWith(
                        to,
                        "java.",
                        "javax.crypto.",
                        "org.jspecify.",
                        "com.github.luben.zstd.",
                        "com.cronutils.")))
        .isEmpty();
    assertThat(
            breaches((from, to) -> isCore(from) && startsWith(to, "java.sql.", "java.net.http.")))
        .isEmpty();
  }

  @Test
  void modulesKeepToTheirWalls() {
    assertThat(
            breaches(
                (from, to) -> in(from, "cli") && isOurs(to) && !in(to, "cli") && !in(to, "api")))
        .isEmpty();
    assertThat(breaches((from, to) -> in(from, "api") && isOurs(to) && !in(to, "api"))).isEmpty();
    assertThat(
            breaches(
                (from, to) -> in(from, "store") && isOurs(to) && !in(to, "store") && !isCore(to)))
        .isEmpty();
    assertThat(breaches((from, to) -> in(from, "server") && in(to, "cli"))).isEmpty();
  }

  @Test
  void strangersDoNotKnowEachOther() {
    for (List<String> strangers : STRANGERS) {
      assertThat(
              breaches((from, to) ->
                  strangers.contains(from.getPackageName())
                      && strangers.contains(to.getPackageName())
                      && !from.getPackageName().equals(to.getPackageName())))
          .isEmpty();
    }
  }

  @Test
  void packagesHaveNoCycles() {
    SlicesRuleDefinition.slices()
        .matching("dev.dassie.(**)")
        .should()
        .beFreeOfCycles()
        .check(CLASSES);
  }

  @Test
  void everyPackageIsNullMarked() {
    TreeSet<String> packages = new TreeSet<>();
    CLASSES.stream()
        .filter(ArchitectureTest::isOurs)
        .forEach(type -> packages.add(type.getPackageName()));
    TreeSet<String> marked = new TreeSet<>();
    for (Path file : ProjectTree.sources("package-info.java")) {
      if (ProjectTree.lines(file).contains("@NullMarked")) {
        Path source = file;
        while (!source.endsWith("java")) {
          source = source.getParent();
        }
        marked.add(source.relativize(file.getParent()).toString().replace('/', '.'));
      }
    }

    assertThat(marked).containsAll(packages);
  }

  @Test
  void theTreeInArchitectureIsTheTreeOnDisk() {
    List<String> text = ProjectTree.lines(ProjectTree.ROOT.resolve("ARCHITECTURE.md"));
    for (String module : ProjectTree.MODULES) {
      assertThat(text).as(module).anyMatch(line -> line.startsWith("| `" + module + "/`"));
    }
    for (String room : ROOMS) {
      assertThat(text).as(room).anyMatch(line -> line.startsWith("| `" + room + "`"));
    }
    TreeSet<String> onDisk = new TreeSet<>();
    CLASSES.stream()
        .filter(ArchitectureTest::isCore)
        .filter(t -> !isFacade(t))
        .forEach(t -> onDisk.add(roomOf(t)));
    assertThat(onDisk).containsExactlyInAnyOrderElementsOf(ROOMS);
  }

  private static List<String> breaches(BiPredicate<JavaClass, JavaClass> forbidden) {
    return CLASSES.stream()
        .filter(ArchitectureTest::isOurs)
        .flatMap(type -> type.getDirectDependenciesFromSelf().stream())
        .filter(use ->
            forbidden.test(
                use.getOriginClass().getBaseComponentType(),
                use.getTargetClass().getBaseComponentType()))
        .filter(use -> !use.getTargetClass().getBaseComponentType().isPrimitive())
        .map(Dependency::getDescription)
        .toList();
  }

  private static boolean isOurs(JavaClass type) {
    return type.getPackageName().startsWith("dev.dassie");
  }

  /// The first part of the package after `dev.dassie`; empty for the facade.
  private static String roomOf(JavaClass type) {
    if (!type.getPackageName().startsWith("dev.dassie.")) {
      return "";
    }
    String rest = type.getPackageName().substring("dev.dassie.".length());
    int dot = rest.indexOf('.');
    return dot < 0 ? rest : rest.substring(0, dot);
  }

  private static boolean isFacade(JavaClass type) {
    return type.getPackageName().equals("dev.dassie");
  }

  private static boolean isCore(JavaClass type) {
    return isFacade(type) || ROOMS.contains(roomOf(type));
  }

  private static boolean in(JavaClass type, String module) {
    return roomOf(type).equals(module);
  }

  private static boolean startsWith(JavaClass type, String... prefixes) {
    for (String prefix : prefixes) {
      if (type.getName().startsWith(prefix)) {
        return true;
      }
    }
    return type.isPrimitive();
  }
}
