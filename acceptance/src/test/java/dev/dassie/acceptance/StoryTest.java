package dev.dassie.acceptance;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.io.TempDir;

/// Runs the guide: every `console` block of `docs/guide/*.md`, against a server of its own. A line
/// that begins with `$ ` is a command (`> ` continues it); what follows is what it must print,
/// where `…` stands for anything. `[exit N]` is the exit code where it is not 0.
class StoryTest {
  @TempDir Path folder;

  private record Step(int line, String command, List<String> expected) {}

  @Test
  void thereAreStories() {
    assertThat(stories()).hasSizeGreaterThanOrEqualTo(3);
    assertThat(stories()).allSatisfy(story -> assertThat(steps(story)).isNotEmpty());
  }

  @TestFactory
  Stream<DynamicTest> theGuideIsTrue() {
    return stories().stream()
        .map(story -> DynamicTest.dynamicTest(ProjectTree.name(story), () -> play(story)));
  }

  private static List<Path> stories() {
    return ProjectTree.filesIn(ProjectTree.ROOT.resolve("docs/guide")).stream()
        .filter(file -> file.toString().endsWith(".md"))
        .toList();
  }

  private void play(Path story) throws IOException, InterruptedException {
    Path place = folder.resolve(story.getFileName().toString());
    java.nio.file.Files.createDirectories(place);
    try (Instance instance = Instance.started(place)) {
      for (Step step : steps(story)) {
        Instance.Result result = instance.run("{ " + step.command() + "\n} 2>&1");
        String printed =
            result.out().stripTrailing()
                + (result.exit() == 0 ? "" : "\n[exit " + result.exit() + "]");
        String expected = String.join("\n", step.expected()).stripTrailing();
        assertThat(pattern(expected).matcher(printed.strip()).matches())
            .withFailMessage(
                "%s:%d%n$ %s%nexpected:%n%s%nprinted:%n%s",
                ProjectTree.name(story), step.line(), step.command(), expected, printed)
            .isTrue();
      }
    }
  }

  private static Pattern pattern(String expected) {
    StringBuilder regex = new StringBuilder();
    for (String part : expected.strip().split("…", -1)) {
      regex.append(regex.isEmpty() ? "" : "[\\s\\S]*?").append(Pattern.quote(part));
    }
    return Pattern.compile(regex.isEmpty() ? "" : regex.toString());
  }

  private static List<Step> steps(Path story) {
    List<Step> steps = new ArrayList<>();
    boolean inside = false;
    List<String> lines = ProjectTree.lines(story);
    for (int i = 0; i < lines.size(); i++) {
      String line = lines.get(i);
      if (line.startsWith("```")) {
        inside = line.equals("```console");
      } else if (inside && line.startsWith("$ ")) {
        steps.add(new Step(i + 1, line.substring(2), new ArrayList<>()));
      } else if (inside && !steps.isEmpty()) {
        Step last = steps.getLast();
        if (line.startsWith("> ") || line.equals(">")) {
          String more = line.length() > 2 ? line.substring(2) : "";
          steps.set(
              steps.size() - 1,
              new Step(last.line(), last.command() + "\n" + more, last.expected()));
        } else {
          last.expected().add(line);
        }
      }
    }
    return steps;
  }
}
