package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.source.tree.ClassTree;
import com.sun.source.tree.CompilationUnitTree;
import com.sun.source.tree.MethodTree;
import com.sun.source.util.JavacTask;
import com.sun.source.util.SourcePositions;
import com.sun.source.util.TreeScanner;
import com.sun.source.util.Trees;
import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import javax.lang.model.element.Modifier;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// The rules of STYLE.md that a program can check.
class TidyTest {
  private static final int FILE_LINES = 400;
  private static final int METHOD_LINES = 60;
  private static final Pattern BANNED_NAME =
      Pattern.compile("(Abstract|Base).*|.*(Manager|Helper|Impl|Util|Utils|Info|Data)");
  private static final Pattern BANNED_PACKAGE =
      Pattern.compile(".*/(util|utils|common|impl|service|helper|helpers|misc|model)/.*");
  private static final Pattern UNFINISHED =
      Pattern.compile(
          "\\b(TODO|FIXME|XXX)\\b|not implemented|for now|placeholder|new UnsupportedOperationException");
  private static final Pattern SLEEPS =
      Pattern.compile("Thread\\.sleep|@Disabled|Mockito|assertTrue\\(true\\)");

  @Test
  void thereIsSomethingToLookAt() {
    assertThat(ProjectTree.sources(".java").size()).isGreaterThan(150);
    assertThat(ProjectTree.sources(".c")).isNotEmpty();
  }

  @Test
  void filesHaveAtMost400Lines() {
    assertThat(
            ProjectTree.sources(".java", ".c", ".h", ".py", ".sh").stream()
                .filter(file -> ProjectTree.lines(file).size() > FILE_LINES)
                .map(ProjectTree::name))
        .isEmpty();
  }

  @Test
  void methodsHaveAtMost60Lines() throws IOException {
    List<String> tooLong = new ArrayList<>();
    scan(
        new Visitor() {
          @Override
          public @Nullable Void visitMethod(MethodTree method, @Nullable Void nothing) {
            long lines = lineOf(end(method)) - lineOf(start(method)) + 1;
            if (lines > METHOD_LINES) {
              tooLong.add(file() + " " + method.getName() + ": " + lines);
            }
            return super.visitMethod(method, null);
          }
        });

    assertThat(tooLong).isEmpty();
  }

  @Test
  void typesAndPackagesHaveNamesThatSaySomething() throws IOException {
    List<String> bad = new ArrayList<>();
    scan(
        new Visitor() {
          @Override
          public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            if (BANNED_NAME.matcher(type.getSimpleName()).matches()) {
              bad.add(file() + " " + type.getSimpleName());
            }
            return super.visitClass(type, null);
          }
        });
    ProjectTree.sources(".java").stream()
        .map(ProjectTree::name)
        .filter(name -> BANNED_PACKAGE.matcher(name).matches())
        .forEach(bad::add);

    assertThat(bad).isEmpty();
  }

  @Test
  void publicTypesOfMainSourcesSayWhatTheyAre() throws IOException {
    List<String> silent = new ArrayList<>();
    scan(
        new Visitor() {
          @Override
          public @Nullable Void visitClass(ClassTree type, @Nullable Void nothing) {
            boolean isPublic = type.getModifiers().getFlags().contains(Modifier.PUBLIC);
            if (isPublic && file().contains("/src/main/") && !commentBefore(type)) {
              silent.add(file() + " " + type.getSimpleName());
            }
            return null;
          }
        });

    assertThat(silent).isEmpty();
  }

  @Test
  void mainSourcesAreFinished() {
    assertThat(matches(UNFINISHED, "/src/main/")).isEmpty();
  }

  @Test
  void testsDoNotSleepAndAreNotSwitchedOff() {
    assertThat(
            matches(SLEEPS, "/src/test/").stream()
                .filter(line ->
                    !line.startsWith("acceptance/src/test/java/dev/dassie/acceptance/TidyTest")))
        .isEmpty();
  }

  private static List<String> matches(Pattern pattern, String part) {
    List<String> found = new ArrayList<>();
    for (Path file : ProjectTree.sources(".java", ".c", ".h")) {
      if (file.toString().contains(part)) {
        List<String> lines = ProjectTree.lines(file);
        for (int i = 0; i < lines.size(); i++) {
          if (pattern.matcher(lines.get(i)).find()) {
            found.add(ProjectTree.name(file) + ":" + (i + 1) + ": " + lines.get(i).strip());
          }
        }
      }
    }
    return found;
  }

  private static void scan(Visitor visitor) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      JavacTask task =
          (JavacTask)
              compiler.getTask(
                  null,
                  files,
                  problem -> {},
                  List.of("-proc:none"),
                  null,
                  files.getJavaFileObjectsFromPaths(ProjectTree.sources(".java")));
      visitor.positions = Trees.instance(task).getSourcePositions();
      for (CompilationUnitTree unit : task.parse()) {
        visitor.unit = unit;
        visitor.scan(unit, null);
      }
    }
  }

  /// Walks one file after another.
  private abstract static class Visitor extends TreeScanner<@Nullable Void, @Nullable Void> {
    private @Nullable CompilationUnitTree unit;
    private @Nullable SourcePositions positions;

    final CompilationUnitTree unit() {
      return java.util.Objects.requireNonNull(unit);
    }

    final String file() {
      return ProjectTree.name(Path.of(unit().getSourceFile().toUri()));
    }

    final long start(com.sun.source.tree.Tree tree) {
      return java.util.Objects.requireNonNull(positions).getStartPosition(unit(), tree);
    }

    final long end(com.sun.source.tree.Tree tree) {
      return java.util.Objects.requireNonNull(positions).getEndPosition(unit(), tree);
    }

    final long lineOf(long position) {
      return unit().getLineMap().getLineNumber(position);
    }

    /// Whether the line above the type is a `///` comment.
    final boolean commentBefore(ClassTree type) {
      int line = (int) lineOf(start(type));
      List<String> lines = ProjectTree.lines(Path.of(unit().getSourceFile().toUri()));
      return line >= 2 && lines.get(line - 2).strip().startsWith("///");
    }
  }
}
