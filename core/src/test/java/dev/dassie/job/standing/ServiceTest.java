package dev.dassie.job.standing;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fileset.FilePath;
import dev.dassie.job.PipelineRecipes;
import dev.dassie.job.Task;
import dev.dassie.pipeline.DatumLimit;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Running;
import dev.dassie.pipeline.Secrets;
import dev.dassie.pipeline.Specs;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// Services: processes that show data.
@Timeout(120)
final class ServiceTest {
  private static final RepoName SHOP = new RepoName("default", "shop");
  private static final RepoName DATA = new RepoName("default", "data");
  private static final Pace FAST =
      new Pace(Duration.ofMillis(1), Duration.ofMillis(4), Duration.ofHours(1));

  @TempDir Path folder;
  private World world;
  private Pipelines pipelines;
  private final Stage stage = new Stage();
  private Standing standing;
  private int port;

  private static final class NoTokens implements Host.Tokens {
    @Override
    public String issue(RepoName output) {
      return "token";
    }

    @Override
    public void revoke(String token) {}
  }

  @BeforeEach
  void open() throws IOException {
    world = new World(folder);
    pipelines = new Pipelines(world.versions, new Random(7));
    port = freePort();
    Object _ = world.versions.change(World.ANN, change -> change.createRepo(DATA, ""));
    standing =
        new Standing(
            world.versions,
            pipelines,
            new PipelineRecipes(
                pipelines,
                new Secrets(world.versions, folder.resolve("secret.key")),
                DatumLimit.NONE),
            stage,
            FAST);
    standing.start(new Host(URI.create("http://127.0.0.1:1"), "127.0.0.1", new NoTokens()));
  }

  @AfterEach
  void close() {
    standing.close();
  }

  @Test
  void itStartsWhenItsInputsExistAndSeesThemWhole() throws Exception {
    create(Specs.files("data", "/*"));
    until(() -> state() == Status.State.IDLE);
    assertThat(status().reason()).isEqualTo("The input `data@master` has no finished commit.");
    assertThat(stage.isIdle()).isTrue();

    Commit put = put("/a", "1", "/b/c", "2");
    Stage.Actor actor = stage.next();

    assertThat(paths(actor)).containsExactly("data:/a", "data:/b");
    assertThat(status().shows()).containsExactly(new Commit.Source(put.name(), "master"));
  }

  @Test
  void connectionsGoToTheProgramOnceItTakesThem() throws Exception {
    Commit _ = put("/a", "1");
    create(Specs.files("data", "/"));
    Stage.Actor _ = stage.next();
    assertThat(state()).isEqualTo(Status.State.STARTING);
    assertThat(status().reason())
        .isEqualTo("The code does not take connections on port %d yet.".formatted(port));

    try (ServerSocket program = listen()) {
      until(() -> state() == Status.State.RUNNING);
      try (Socket client = client();
          Socket inside = program.accept()) {
        // The first connections are those that looked whether it is there.
        Socket last = inside;
        client.getOutputStream().write('?');
        while (last.getInputStream().read() != '?') {
          last = program.accept();
        }
        last.getOutputStream().write('!');

        assertThat(client.getInputStream().read()).isEqualTo('!');
      }
    }
  }

  @Test
  void newDataReplacesTheProcessAndTheOldOneIsGoneFirst() throws Exception {
    Commit _ = put("/a", "1");
    create(Specs.files("data", "/"));
    Stage.Actor first = stage.next();
    Commit last;
    try (ServerSocket _ = listen()) {
      until(() -> state() == Status.State.RUNNING);
      last = put("/a", "2");
      until(() -> first.gone().isDone());
    }

    Stage.Actor second = stage.next();

    assertThat(commit(second)).isEqualTo(last.name().id().value());
    assertThat(status().shows().getFirst().commit()).isEqualTo(last.name());
  }

  @Test
  void oneThatIsStillBeginningIsReplacedWhenItIsKnownWhetherItWorks() throws Exception {
    Commit _ = put("/a", "1");
    create(Specs.files("data", "/"));
    Stage.Actor first = stage.next();
    Commit _ = put("/a", "2");
    Commit last = put("/a", "3");
    assertThat(first.gone()).isNotDone();

    first.exit(1);
    Stage.Actor next = stage.next();
    while (!commit(next).equals(last.name().id().value())) {
      next.exit(1);
      next = stage.next();
    }

    assertThat(next.gone()).isNotDone();
  }

  @Test
  void equalContentReplacesNothing() throws Exception {
    Commit _ = put("/a", "1");
    create(Specs.files("data", "/"));
    Stage.Actor first = stage.next();
    try (ServerSocket _ = listen()) {
      until(() -> state() == Status.State.RUNNING);
      Commit _ = put("/a", "1");
      Commit _ = put("/b", "2");
      until(() -> first.gone().isDone());
    }
    Stage.Actor _ = stage.next();

    assertThat(stage.commits()).hasSize(2);
  }

  @Test
  void itHasNoOutputAndItsInputsAreHeldByItsBranch() {
    Commit _ = put("/a", "1");
    create(Specs.files("data", "/"));
    Commit _ = put("/a", "2");

    BranchName output = new BranchName(SHOP, "master");
    Ref.Branch branch = world.versions.branch(output);
    assertThat(branch.head()).isEmpty();
    assertThat(branch.provenance()).contains(Specs.master("data"));
    assertThatThrownBy(
            () -> {
              Object _ =
                  world.versions.change(
                      World.ANN,
                      change -> {
                        change.deleteBranch(Specs.master("data"));
                        return true;
                      });
            })
        .hasMessageContaining("is read by the branch `shop@master`");
    Call own = new Call(Call.principalOf(SHOP), "");
    assertThatThrownBy(() -> world.versions.change(own, change -> change.startCommit(output)))
        .hasMessageContaining("is written by the pipeline `shop`");
  }

  @Test
  void stoppingClosesItsPortAndStartingOpensItAgain() throws Exception {
    Commit _ = put("/a", "1");
    create(Specs.files("data", "/"));
    Stage.Actor first = stage.next();

    pipelines.stop(World.ANN, "default", "shop");
    first.gone().join();
    until(() -> standing.status(SHOP).isEmpty());
    pipelines.start(World.ANN, "default", "shop");

    assertThat(stage.next().gone()).isNotDone();
    assertThat(status().port()).isPresent();
    assertThat(world.versions.branch(new BranchName(SHOP, "master")).head()).isEmpty();
  }

  @Test
  void anUpdateReplacesTheProcessAndKeepsThePort() throws Exception {
    Commit _ = put("/a", "1");
    create(Specs.files("data", "/"));
    Stage.Actor first = stage.next();
    int outer = status().port().orElseThrow();
    try (ServerSocket _ = listen()) {
      until(() -> state() == Status.State.RUNNING);
      List<Pipeline> _ =
          pipelines.update(World.ANN, List.of(draft(Specs.files("data", "/"))), false);
      until(() -> first.gone().isDone());
    }

    Stage.Actor second = stage.next();

    assertThat(second.task().env().get("PPS_SPEC_COMMIT"))
        .isEqualTo(pipelines.inspect("default", "shop").specCommit().id().value());
    assertThat(status().port()).contains(outer);
    assertThat(world.versions.branch(new BranchName(SHOP, "master")).head()).isEmpty();
  }

  @Test
  void aPortThatAnotherProgramHasIsNotUsed() throws Exception {
    Commit _ = put("/a", "1");
    try (ServerSocket _ = listen()) {
      create(Specs.files("data", "/"));

      until(() -> state() == Status.State.WAITING);
      assertThat(status().reason()).contains("is taken by another program of this machine");
      assertThat(stage.isIdle()).isTrue();
    }

    Stage.Actor _ = stage.next();
  }

  @Test
  void dataOfOneCommitSetIsShownTogether() {
    RepoName other = new RepoName("default", "other");
    Object _ = world.versions.change(World.ANN, change -> change.createRepo(other, ""));
    Commit _ = put("/a", "1");
    Commit _ = put(other, "/a", "1");
    Input both = new Input.Cross(List.of(Specs.files("data", "/"), Specs.files("other", "/")));
    List<Commit> opened =
        world.versions.change(
            World.ANN,
            change ->
                List.of(
                    change.startCommit(Specs.master("data")),
                    change.startCommit(Specs.master("other"))));
    assertThat(View.of(world.versions, both)).isInstanceOf(View.Whole.class);

    Commit _ = world.files.finish(World.ANN, opened.getFirst().name());

    assertThat(View.of(world.versions, both))
        .isEqualTo(
            new View.Mixed(
                "New data is shown when `%s` has finished.".formatted(opened.getLast().name())));
    Commit _ = world.files.finish(World.ANN, opened.getLast().name());
    assertThat(View.of(world.versions, both)).isInstanceOf(View.Whole.class);
  }

  private static String commit(Stage.Actor actor) {
    return actor.task().items().getFirst().parts().getFirst().commit();
  }

  private void create(Input input) {
    List<Pipeline> _ = pipelines.create(World.ANN, List.of(draft(input)));
  }

  private Draft draft(Input input) {
    return new Draft(
        Specs.spec("shop", input).with(new Running.Service(port, 0)),
        "text",
        Optional.empty(),
        Optional.empty());
  }

  private Commit put(String... pairs) {
    return put(DATA, pairs);
  }

  private Commit put(RepoName repo, String... pathsAndTexts) {
    try (FileWriter writer = world.files.write(World.ANN, new BranchName(repo, "master"))) {
      for (int i = 0; i < pathsAndTexts.length; i += 2) {
        byte[] text = pathsAndTexts[i + 1].getBytes(StandardCharsets.UTF_8);
        writer.put(
            FilePath.parse(pathsAndTexts[i]),
            false,
            new ByteArrayInputStream(text),
            false,
            Optional.empty());
      }
      return writer.commit();
    }
  }

  private Status status() {
    return standing.status(SHOP).orElseThrow();
  }

  private Status.State state() {
    return standing.status(SHOP).map(Status::state).orElse(Status.State.STOPPED);
  }

  private ServerSocket listen() throws IOException {
    return new ServerSocket(port, 50, InetAddress.getLoopbackAddress());
  }

  private Socket client() throws IOException {
    return new Socket(InetAddress.getLoopbackAddress(), status().port().orElseThrow());
  }

  private static List<String> paths(Stage.Actor actor) {
    return actor.task().items().getFirst().parts().stream()
        .map((Task.Part part) -> part.name() + ":" + part.match().path())
        .toList();
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0)) {
      return socket.getLocalPort();
    }
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).as("waited for a minute").isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
