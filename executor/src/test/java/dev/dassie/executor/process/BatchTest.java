package dev.dassie.executor.process;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.job.Ending;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Transform;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Programs that ask for one datum after another, in every sandbox.
class BatchTest {
  /// Asks as the documentation says.
  private static final String ASK =
      """
      import os, socket, sys
      def ask(line):
          server = socket.socket(socket.AF_UNIX)
          server.connect(os.environ["DASSIE_NEXT"])
          server.sendall(line.encode() + b"\\n")
          answer = b"".join(iter(lambda: server.recv(65536), b""))
          return dict(p.split("=", 1) for p in answer.decode().split("\\0") if p)
      print("begun", flush=True)
      """;

  private static final String COPY =
      ASK
          + """
          line = "next"
          while datum := ask(line):
              text = open(datum["in"]).read()
              print("at", text, flush=True)
              if text == "die":
                  os._exit(7)
              if text == "leave":
                  sys.exit(0)
              if text == "hang":
                  import time; time.sleep(3600)
              out = os.path.join(os.path.dirname(os.path.dirname(datum["in"])), "out", "copy")
              open(out, "w").write(text)
              line = "error no such word" if text == "bad" else "next"
          """;

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void oneProgramTakesAllDatums(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      List<Ending> endings = run(shop, COPY, 1, Optional.empty(), "a", "b", "c");

      assertThat(endings).hasOnlyElementsOfType(Ending.Succeeded.class);
      assertThat(shop.log(endings.getFirst())).isEqualTo("begun\nat a\n");
      assertThat(shop.log(endings.getLast())).isEqualTo("at c\n");
      assertThat(shop.contents(endings.get(1))).isEqualTo(Map.of("/copy", "b"));
    }
  }

  @ParameterizedTest
  @EnumSource(Sandbox.class)
  void aDatumFailsAloneWhateverItsProgramDoes(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      Optional<Duration> limit = Optional.of(Duration.ofSeconds(2));
      List<Ending> endings =
          run(shop, COPY, 1, limit, "a", "bad", "b", "die", "c", "leave", "d", "hang", "e");

      List<String> reasons = new ArrayList<>();
      for (Ending ending : endings) {
        reasons.add(ending instanceof Ending.Failed failed ? failed.reason() : "");
      }
      assertThat(reasons)
          .containsExactly(
              "",
              "no such word",
              "",
              "The code ended with exit code 7 before it asked for the next datum.",
              "",
              "The code ended with exit code 0 before it asked for the next datum.",
              "",
              "The code did not end within 2 s and was killed.",
              "");
    }
  }

  @ParameterizedTest
  @EnumSource(value = Sandbox.class, names = "NAMESPACES")
  void aProgramThatDoesNotAskFailsItsDatumsAndEachTryIsKept(Sandbox sandbox) throws Exception {
    try (Workshop shop = new Workshop(sandbox)) {
      List<Ending> endings = run(shop, "print('no thanks')", 2, Optional.empty(), "a");

      Ending.Failed failed = (Ending.Failed) endings.getFirst();
      assertThat(failed.reason())
          .isEqualTo("The code ended with exit code 0 without asking for a datum.");
      assertThat(failed.tries()).hasSize(2);
      assertThat(shop.log(failed)).isEqualTo("no thanks\n");
    }
  }

  private static List<Ending> run(
      Workshop shop, String program, int tries, Optional<Duration> limit, String... texts)
      throws Exception {
    Transform code = Workshop.transform(List.of("python3", "-c", program));
    List<Task.Item> items = new ArrayList<>();
    for (String text : texts) {
      items.add(shop.item(shop.part("in", shop.fileset(Map.of("f", text)), "f")));
    }
    Task task = shop.task(code, tries, limit, items.toArray(new Task.Item[0]));
    return shop.run(batching(task));
  }

  private static Task batching(Task task) {
    return new Task(
        task.lease(),
        task.pipeline(),
        task.transform(),
        task.source(),
        task.environment(),
        task.secrets(),
        task.env(),
        task.items(),
        task.limits(),
        true);
  }
}
