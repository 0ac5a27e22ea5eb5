package dev.dassie.cli.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.api.ProblemException;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class UnpackingTest {
  @TempDir private Path folder;
  private Path target;

  @BeforeEach
  void makeTarget() throws IOException {
    target = Files.createDirectory(folder.resolve("target"));
  }

  private static byte[] tar(TarArchiveEntry... entries) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (TarArchiveOutputStream tar = new TarArchiveOutputStream(bytes, "UTF-8")) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      for (TarArchiveEntry entry : entries) {
        byte[] content =
            entry.isFile() && !entry.isSymbolicLink() && !entry.isLink()
                ? "new".getBytes(StandardCharsets.UTF_8)
                : new byte[0];
        entry.setSize(content.length);
        tar.putArchiveEntry(entry);
        tar.write(content);
        tar.closeArchiveEntry();
      }
    }
    return bytes.toByteArray();
  }

  private void unpack(TarArchiveEntry... entries) throws IOException {
    new Unpacking(target).unpack(new ByteArrayInputStream(tar(entries)));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "../evil",
        "a/../../evil",
        "/tmp/dassie-evil",
        "a/b/../../../evil",
        "..",
        "./../evil"
      })
  void aNameThatLeadsOutIsRefused(String name) {
    assertThatThrownBy(() -> unpack(new TarArchiveEntry(name, true)))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("`" + name + "` leads out of the target");
    assertThat(folder).isDirectoryNotContaining("glob:**evil");
    assertThat(Path.of("/tmp/dassie-evil")).doesNotExist();
  }

  @ParameterizedTest
  @ValueSource(
      bytes = {TarArchiveEntry.LF_SYMLINK, TarArchiveEntry.LF_LINK, TarArchiveEntry.LF_FIFO})
  void aLinkOrPipeInTheTarIsRefused(byte kind) {
    TarArchiveEntry entry = new TarArchiveEntry("x", kind);
    entry.setLinkName("../outside");

    assertThatThrownBy(() -> unpack(entry, new TarArchiveEntry("x/y")))
        .isInstanceOf(ProblemException.class)
        .hasMessageContaining("neither a file nor a directory");
  }

  @Test
  void aLinkOnDiskIsNotWrittenThrough() throws IOException {
    Path outside = Files.createDirectory(folder.resolve("outside"));
    Files.writeString(outside.resolve("f"), "old");
    Files.createSymbolicLink(target.resolve("dir"), outside);
    Files.createSymbolicLink(target.resolve("f"), outside.resolve("f"));

    unpack(new TarArchiveEntry("f"));
    assertThatThrownBy(() -> unpack(new TarArchiveEntry("dir/f")))
        .hasMessageContaining("is in the way and no directory");

    assertThat(outside.resolve("f")).hasContent("old");
    assertThat(target.resolve("f")).hasContent("new").isRegularFile();
  }

  @Test
  void filesComeWithTheirFoldersAndModes() throws IOException {
    TarArchiveEntry program = new TarArchiveEntry("bin/run");
    program.setMode(0100755);
    String strange = "a b/ä\n/" + "x".repeat(200);

    unpack(new TarArchiveEntry("empty/"), program, new TarArchiveEntry(strange));

    assertThat(target.resolve("empty")).isDirectory();
    assertThat(target.resolve("bin/run")).isExecutable().hasContent("new");
    assertThat(target.resolve(strange)).hasContent("new");
  }
}
