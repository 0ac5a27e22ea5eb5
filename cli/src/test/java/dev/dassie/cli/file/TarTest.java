package dev.dassie.cli.file;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.api.Upload;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveInputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class TarTest {
  @TempDir private Path folder;

  @Test
  void aTreeComesBackAsItWasAndAsOftenAsItIsOpened() throws IOException {
    Path tree = Files.createDirectories(folder.resolve("tree/deep/er"));
    byte[] large = new byte[3_000_000];
    new Random(1).nextBytes(large);
    Files.write(tree.resolve("large"), large);
    Files.writeString(tree.resolve("x".repeat(180)), "long");
    Files.createDirectory(folder.resolve("tree/empty"));
    Upload upload =
        Tar.upload("t", receiver -> Tree.each(folder.resolve("tree"), "p/", note -> {}, receiver));

    for (String again : List.of("one", "two")) {
      Path target = folder.resolve(again);
      try (InputStream tar = upload.opener().open()) {
        new Unpacking(target).unpack(tar);
      }
      assertThat(target.resolve("p/deep/er/large")).hasBinaryContent(large);
      assertThat(target.resolve("p/deep/er/" + "x".repeat(180))).hasContent("long");
    }
  }

  @Test
  void headersThatArePlainAndThoseThatAreNotStandInOneTar() throws IOException {
    List<Tar.Member> members = new ArrayList<>();
    List<String> names =
        List.of("plain", "x".repeat(100), "y".repeat(101), "d/\u00e4", "z z~", "d/\u0001", "last");
    for (int i = 0; i < names.size(); i++) {
      Path file = Files.writeString(folder.resolve("f" + i), "b".repeat(510 + i));
      members.add(new Tar.Member(names.get(i), file, 510 + i, i % 2 == 0));
    }
    members.add(Tar.Member.deletion("gone"));
    Upload upload = Tar.upload("t", receiver -> each(members, receiver));

    List<String> found = new ArrayList<>();
    try (TarArchiveInputStream tar = new TarArchiveInputStream(upload.opener().open(), "UTF-8")) {
      for (TarArchiveEntry entry = tar.getNextEntry(); entry != null; entry = tar.getNextEntry()) {
        assertThat(entry.isFile()).isTrue();
        assertThat(tar.readAllBytes()).asString().isEqualTo("b".repeat((int) entry.getSize()));
        found.add("%s %o %d".formatted(entry.getName(), entry.getMode(), entry.getSize()));
      }
    }

    List<String> expected = new ArrayList<>();
    members.forEach(member ->
        expected.add(
            "%s %s %d"
                .formatted(
                    member.name(), member.executable() ? "100755" : "100644", member.size())));
    assertThat(found).isEqualTo(expected);
  }

  private static void each(List<Tar.Member> members, Tar.Receiver receiver) throws IOException {
    for (Tar.Member member : members) {
      receiver.accept(member);
    }
  }

  @Test
  void linksToDirectoriesAreLeftOutAndSaid() throws IOException {
    Path tree = Files.createDirectory(folder.resolve("tree"));
    Files.writeString(tree.resolve("file"), "f");
    Files.createSymbolicLink(tree.resolve("to-file"), tree.resolve("file"));
    Files.createSymbolicLink(tree.resolve("to-dir"), folder);
    List<String> notes = new ArrayList<>();
    List<String> names = new ArrayList<>();

    Tree.each(tree, "", notes::add, member -> names.add(member.name()));

    assertThat(names).containsExactlyInAnyOrder("file", "to-file");
    assertThat(notes).singleElement().asString().contains("to-dir").contains("left out");
  }

  @Test
  void aFileThatShrinksFailsTheReader() throws IOException {
    Path file = Files.writeString(folder.resolve("f"), "12345");
    Tar.Member promised = new Tar.Member("f", file, 10, false);
    Upload upload = Tar.upload("t", receiver -> receiver.accept(promised));

    try (InputStream tar = upload.opener().open()) {
      assertThatThrownBy(tar::readAllBytes)
          .hasMessageContaining("became shorter while it was read");
    }
  }

  @Test
  void aPipeThatIsClosedEarlyEndsItsProducer() throws Exception {
    CountDownLatch ended = new CountDownLatch(1);
    InputStream pipe =
        BlockPipe.of(to -> {
          try {
            byte[] block = new byte[1 << 20];
            for (int i = 0; i < 1_000_000; i++) {
              to.write(block);
            }
          } finally {
            ended.countDown();
          }
        });

    assertThat(pipe.read()).isZero();
    pipe.close();

    assertThat(ended.await(20, TimeUnit.SECONDS)).isTrue();
  }
}
