package dev.dassie.executor.datum;

import static dev.dassie.executor.datum.Workbench.shell;
import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.job.Ending;
import dev.dassie.job.Report;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Transform;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// What every executor promises, whatever its sandbox.
public abstract class ExecutorContract extends OutboxContract {
  @Test
  void aDatumSeesItsFilesAndItsOutputIsKept() throws Exception {
    Fileset repo =
        shop.fileset(Map.of("a/one.txt", "1", "a/b/two.sh*", "#!/bin/sh\necho 2\n", "c", "3"));
    String script =
        "cat /pfs/in/a/one.txt > /pfs/out/one; mkdir -p /pfs/out/x/y; /pfs/in/a/b/two.sh"
            + " > /pfs/out/x/y/two; printf run > /pfs/out/run; chmod +x /pfs/out/run;"
            + " cd /pfs && find in -type f | sort";

    Ending ending = shop.sh(script, shop.part("in", repo, "a"));

    assertThat(shop.contents(ending))
        .isEqualTo(Map.of("/one", "1", "/x/y/two", "2\n", "/run*", "run"));
    assertThat(shop.log(ending)).isEqualTo("in/a/b/two.sh\nin/a/one.txt\n");
    assertThat(ending.tries()).hasSize(1);
    assertThat(ending.tries().getFirst().exitCode()).isZero();
  }

  @Test
  void theVariablesOfADatumAreThere() throws Exception {
    Fileset repo = shop.fileset(Map.of("a/one.txt", "1"));
    Task.Item item = shop.item(shop.part("in", repo, "a/one.txt"), shop.part("all", repo, "/"));

    Ending ending =
        shop.run(
                shop.task(
                    shell(
                        "cat $in $all/a/one.txt; echo; echo $in_COMMIT $PACH_DATUM_ID"
                            + " $PPS_PIPELINE_NAME; cd $HOME && touch h && touch $TMPDIR/t && ls"),
                    item))
            .getFirst();

    assertThat(shop.log(ending)).isEqualTo("11\nc0ffee " + item.id() + " edges\nh\n");
  }

  @Test
  void linesForStandardInputAndDeclaredVariablesArrive() throws Exception {
    Transform given =
        new Transform(
            List.of("sh"),
            List.of("echo $COLOUR", "echo /pfs/out | wc -l > /pfs/out/lines"),
            Map.of("COLOUR", "red"),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of(),
            List.of(),
            Transform.Network.HOST,
            Optional.empty());

    Ending ending = shop.run(shop.task(given, shop.item())).getFirst();

    assertThat(shop.log(ending)).isEqualTo("red\n");
    assertThat(shop.contents(ending)).isEqualTo(Map.of("/lines", "1\n"));
  }

  @Test
  void theSourceIsTheWorkingDirectory() throws Exception {
    Fileset code = shop.fileset(Map.of("run.sh*", "#!/bin/sh\ncat lib/text\n", "lib/text", "hey"));
    Entry.Directory source = (Entry.Directory) shop.files.find(code, FilePath.ROOT).orElseThrow();
    Task task = shop.task(Workbench.transform(List.of("./run.sh")), shop.item(), shop.item());

    List<Ending> endings = shop.run(Workbench.withSource(task, source));

    assertThat(shop.log(endings.get(0))).isEqualTo("hey");
    assertThat(shop.log(endings.get(1))).isEqualTo("hey");
  }

  @Test
  void nothingOfOneDatumIsSeenByTheNext() throws Exception {
    Fileset repo = shop.fileset(Map.of("a", "1", "b", "2"));
    Transform look =
        shell(
            "cd /pfs; ls in out; ls -A $TMPDIR $HOME; echo x | tee /pfs/out/x $TMPDIR/x > $HOME/x");

    List<Ending> endings =
        shop.run(
            shop.task(
                look,
                shop.item(shop.part("in", repo, "a")),
                shop.item(shop.part("in", repo, "b"))));

    assertThat(shop.log(endings.get(1)))
        .isEqualTo(shop.log(endings.get(0)).replace("\na\n", "\nb\n"));
    assertThat(shop.log(endings.get(1))).contains("b").doesNotContain("x\n");
  }

  @Test
  void oneFileAfterAnotherIsSeenWholeAndAlone() throws Exception {
    Map<String, String> contents =
        Map.of("a", "long content", "b", "short", "c*", "echo 1", "d*", "echo 22", "e/f", "deep");
    Fileset repo = shop.fileset(contents);
    List<String> names = List.of("a", "b", "a", "c", "d", "b", "e/f", "e", "b", "b", "a");
    List<Task.Item> items = new ArrayList<>();
    for (String name : names) {
      items.add(shop.item(shop.part("in", repo, name)));
    }
    String look = "cd /pfs/in; for f in $(find . -type f); do stat -c '%n %A' $f; cat $f; done";

    List<Ending> endings = shop.run(shop.task(shell(look), items.toArray(new Task.Item[0])));

    for (int i = 0; i < names.size(); i++) {
      String name = names.get(i).equals("e") ? "e/f" : names.get(i);
      boolean executable = contents.containsKey(name + "*");
      assertThat(shop.log(endings.get(i)))
          .isEqualTo(
              "./%s %s\n%s"
                  .formatted(
                      name,
                      executable ? "-r-xr-xr-x" : "-r--r--r--",
                      contents.get(executable ? name + "*" : name)));
    }
  }

  @Test
  void emptyFilesShowsNamesOnly() throws Exception {
    Fileset repo = shop.fileset(Map.of("a", "12345"));
    Task.Part named =
        new Task.Part("in", shop.files.find(repo, FilePath.ROOT).orElseThrow(), "c", true);

    Ending ending = shop.sh("wc -c < /pfs/in/a; ln -s /pfs/in/a /pfs/out/a", named);

    assertThat(shop.log(ending).strip()).isEqualTo("0");
    assertThat(shop.contents(ending)).isEqualTo(Map.of("/a", "12345"));
  }

  @Test
  void largeInputsAreRealSeekableFilesWithTheirBytes() throws Exception {
    String big = "0123456789abcdef".repeat(200_000);
    Fileset repo = shop.fileset(Map.of("big", big));
    Transform tail = shell("tail -c 5 /pfs/in/big; cp /pfs/in/big /pfs/out/copy");
    Task task =
        shop.task(
            tail, shop.item(shop.part("in", repo, "big")), shop.item(shop.part("in", repo, "/")));

    List<Ending> endings = shop.run(task);

    for (Ending ending : endings) {
      assertThat(shop.log(ending)).isEqualTo("bcdef");
      assertThat(shop.contents(ending)).isEqualTo(Map.of("/copy", big));
    }
  }

  @Test
  void everyTryIsKeptAndTheLastDecides() throws Exception {
    Transform flaky = shell("echo try; exit 3");

    Ending ending = shop.run(shop.task(flaky, 3, Optional.empty(), shop.item())).getFirst();

    assertThat(ending).isInstanceOf(Ending.Failed.class);
    assertThat(((Ending.Failed) ending).reason()).isEqualTo("The code ended with exit code 3.");
    assertThat(ending.tries()).hasSize(3);
    for (Ending.Try one : ending.tries()) {
      assertThat(one.exitCode()).isEqualTo(3);
      assertThat(shop.text(one.log())).isEqualTo("try\n");
    }
  }

  @Test
  void aFailedTryLeavesNoOutput() throws Exception {
    Ending ending =
        shop.run(
                shop.task(
                    shell("ls /pfs/out | wc -l; touch /pfs/out/half; exit 1"),
                    2,
                    Optional.empty(),
                    shop.item()))
            .getFirst();

    assertThat(shop.log(ending).strip()).isEqualTo("0");
  }

  @Test
  void errCmdRecoversOnceAndItsOutputIsLogged() throws Exception {
    Transform given =
        new Transform(
            List.of("sh", "-c", "echo bad; exit 1"),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(),
            List.of("sh"),
            List.of("echo handled"),
            Transform.Network.HOST,
            Optional.empty());

    Ending ending = shop.run(shop.task(given, 2, Optional.empty(), shop.item())).getFirst();

    assertThat(ending).isInstanceOf(Ending.Recovered.class);
    assertThat(ending.tries()).hasSize(2);
    assertThat(shop.text(ending.tries().getFirst().log())).isEqualTo("bad\n");
    assertThat(shop.log(ending)).isEqualTo("bad\n[dassie: errCmd]\nhandled\n");
  }

  @Test
  void acceptedExitCodesAreSuccess() throws Exception {
    Transform given =
        new Transform(
            List.of("sh", "-c", "echo ok > /pfs/out/f; exit 42"),
            List.of(),
            Map.of(),
            Optional.empty(),
            Optional.empty(),
            List.of(42),
            List.of(),
            List.of(),
            Transform.Network.HOST,
            Optional.empty());

    Ending ending = shop.run(shop.task(given, shop.item())).getFirst();

    assertThat(shop.contents(ending)).isEqualTo(Map.of("/f", "ok\n"));
    assertThat(ending.tries().getFirst().exitCode()).isEqualTo(42);
  }

  @Test
  void aTimeoutIsAFailedTryThatSaysSo() throws Exception {
    Ending ending =
        shop.run(
                shop.task(
                    shell("echo begin; sleep 1000"),
                    1,
                    Optional.of(Duration.ofMillis(300)),
                    shop.item()))
            .getFirst();

    assertThat(((Ending.Failed) ending).reason())
        .isEqualTo("The code did not end within 0.300 s and was killed.");
    assertThat(shop.log(ending)).isEqualTo("begin\n");
  }

  @Test
  void aSignalIsNamed() throws Exception {
    Ending ending = shop.sh("kill -9 $$");

    assertThat(((Ending.Failed) ending).reason())
        .isEqualTo("The code was killed by signal 9 (SIGKILL).");
    assertThat(ending.tries().getFirst().exitCode()).isEqualTo(137);
  }

  @Test
  void linksToInputsAreCopiesByReferenceAndLinksWithinTheOutputAreFollowed() throws Exception {
    Fileset repo = shop.fileset(Map.of("d/a", "alpha", "d/b*", "beta"));
    String script =
        "cd /pfs/out; ln -s /pfs/in/d/a abs; ln -s ../in/d/b rel; mkdir s; echo own > s/own;"
            + " ln -s s/own own; ln -s s t; rm t; ln -s abs twice";

    Ending ending = shop.sh(script, shop.part("in", repo, "d"));

    assertThat(shop.contents(ending))
        .isEqualTo(
            Map.of(
                "/abs", "alpha", "/rel*", "beta", "/own", "own\n", "/s/own", "own\n", "/twice",
                "alpha"));
  }

  @Test
  void outputsThatAreNoFilesFailTheDatumWithTheirPath() throws Exception {
    assertThat(reason("ln -s b /pfs/out/a; ln -s a /pfs/out/b"))
        .contains("`/pfs/out/")
        .contains("circle");
    assertThat(reason("ln -s /etc/passwd /pfs/out/passwd"))
        .contains("`/pfs/out/passwd`")
        .contains("`/etc/passwd`");
    assertThat(reason("ln -s ../../../../../etc/passwd /pfs/out/up")).contains("`/pfs/out/up`");
    assertThat(reason("mkdir /pfs/out/d; ln -s d /pfs/out/dir")).contains("`/pfs/out/dir`");
    assertThat(reason("ln -s nothing /pfs/out/dangling")).contains("`/pfs/out/dangling`");
    assertThat(reason("mkdir /pfs/out/d; mkfifo /pfs/out/d/pipe"))
        .contains("`/pfs/out/d/pipe` is a FIFO");
    assertThat(reason("printf x > \"/pfs/out/$(printf 'bad\\377name')\""))
        .contains("not valid UTF-8");
  }

  private String reason(String script) throws Exception {
    return ((Ending.Failed) shop.sh(script)).reason();
  }

  @Test
  void namesBeyondAsciiAreKeptExactly() throws Exception {
    Fileset repo = shop.fileset(Map.of("é/naïve 😀%41", "x"));

    Ending ending =
        shop.sh(
            "cp -r /pfs/in/* /pfs/out/; ln -s /pfs/in/é/naïve* /pfs/out/ö?",
            shop.part("in", repo, "/"));

    assertThat(shop.contents(ending)).isEqualTo(Map.of("/é/naïve 😀%41", "x", "/ö?", "x"));
  }

  @Test
  void anInputNameThatNoFileSystemHoldsFailsWithASentence() throws Exception {
    Fileset repo = shop.fileset(Map.of("d/" + "n".repeat(256), "x"));

    Ending ending = shop.sh("true", shop.part("in", repo, "d"));

    assertThat(((Ending.Failed) ending).reason()).contains("more than 255 bytes");
  }

  @Test
  void treesThatAreDeepOrLockedAreWiped() throws Exception {
    String deep =
        "cd /pfs/out; i=0; while [ $i -lt 300 ]; do mkdir ddddddddddddddddddddd && cd"
            + " ddddddddddddddddddddd; i=$((i+1)); done; cd /pfs/out; mkdir -p l/m; chmod 0 l; exit 1";

    shop.sh(deep);

    assertThat(shop.log(shop.sh("ls -A /pfs/out"))).isEmpty();
  }

  @Test
  void resultsAreReadableByEverybodyWhenTheyAreReported() throws Exception {
    List<String> seen = Collections.synchronizedList(new ArrayList<>());
    Report report =
        new Report() {
          @Override
          public boolean started(long lease, Digest key) {
            return lease == 7;
          }

          @Override
          public boolean done(long lease, Digest key, Ending ending) {
            try {
              seen.add(shop.log(ending) + shop.contents(ending));
              return true;
            } catch (IOException e) {
              throw new java.io.UncheckedIOException(e);
            }
          }
        };
    Task.Item[] items = new Task.Item[100];
    for (int i = 0; i < items.length; i++) {
      items[i] = shop.item();
    }
    String long1 = "seq 1 100; seq 1 1000 > /pfs/out/n";

    shop.executor.run(shop.task(shell(long1), items), report);

    assertThat(seen).hasSize(100);
    assertThat(Collections.frequency(seen, seen.getFirst())).isEqualTo(100);
  }

  @Test
  void aRefusedResultStopsTheTask() throws Exception {
    List<Digest> started = Collections.synchronizedList(new ArrayList<>());
    Report report =
        new Report() {
          @Override
          public boolean started(long lease, Digest key) {
            return started.add(key);
          }

          @Override
          public boolean done(long lease, Digest key, Ending ending) {
            return false;
          }
        };

    shop.executor.run(
        shop.task(shell("[ -n \"$slow\" ] && exec sleep 1000; sleep 0.1"), shop.item(), slow()),
        report);

    assertThat(started).hasSizeLessThanOrEqualTo(2);
    assertThat(Thread.currentThread().isInterrupted()).isFalse();
  }

  private Task.Item slow() throws IOException {
    Fileset repo = shop.fileset(Map.of("s", ""));
    return shop.item(shop.part("slow", repo, "s"));
  }
}
