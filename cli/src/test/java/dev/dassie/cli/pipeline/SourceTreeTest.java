package dev.dassie.cli.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SourceTreeTest {
  @TempDir private Path folder;

  private void write(String... names) throws IOException {
    for (String name : names) {
      Path file = folder.resolve(name);
      Files.createDirectories(file.getParent());
      Files.writeString(file, name);
    }
  }

  private void git(String... words) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of("git", "-C", folder.toString(), "-c", "user.name=a", "-c", "user.email=a@b"));
    command.addAll(List.of(words));
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor()).as(output).isZero();
  }

  @Test
  void outsideOfGitTheIgnoreFilesDecide() throws Exception {
    write("a.py", "b.pyc", "data/x.csv", "data/keep.csv", "sub/build/o", "build/o", "doc/build");
    write("cache/deep/f", "lib/temp1", "lib/sub/temp2", "ab.txt", "sub/.hidden");
    Files.writeString(
        folder.resolve(".gitignore"),
        "# comment\n*.pyc\n/data/*\n!/data/keep.csv\nbuild/\ncache\nlib/**/temp?\na[!c].txt\n");

    SourceTree tree = SourceTree.of(folder, note -> {});

    assertThat(tree.git()).isEmpty();
    assertThat(tree.files())
        .containsExactly(".gitignore", "a.py", "data/keep.csv", "doc/build", "sub/.hidden");
  }

  @Test
  void anIgnoreFileBelowHoldsForItsFolder() throws Exception {
    write("x.log", "sub/x.log", "sub/deep/x.log");
    Files.writeString(folder.resolve("sub/.gitignore"), "*.log\n");

    assertThat(SourceTree.of(folder, note -> {}).files())
        .containsExactly("sub/.gitignore", "x.log");
  }

  @Test
  void withinGitItSaysWhichFilesAndWhichCommit() throws Exception {
    write("tracked", "ignored.pyc", "new", "other/elsewhere", "gone");
    Files.writeString(folder.resolve(".gitignore"), "*.pyc\n");
    git("init", "-q");
    git("add", "tracked", "gone", ".gitignore");
    git("commit", "-q", "-m", "first");
    Files.delete(folder.resolve("gone"));

    SourceTree tree = SourceTree.of(folder, note -> {});

    assertThat(tree.files()).containsExactly(".gitignore", "new", "other/elsewhere", "tracked");
    assertThat(tree.git().orElseThrow().commit()).matches("[0-9a-f]{40}");
    assertThat(tree.git().orElseThrow().dirty()).isTrue();
  }

  @Test
  void aCleanTreeIsNotDirty() throws Exception {
    write("tracked");
    git("init", "-q");
    git("add", ".");
    git("commit", "-q", "-m", "first");

    assertThat(SourceTree.of(folder, note -> {}).git().orElseThrow().dirty()).isFalse();
  }
}
