package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Edits;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Page;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PipelinesTest {
  private static final Call ANN = World.ANN;

  @TempDir Path folder;
  private World world;
  private Pipelines pipelines;

  @BeforeEach
  void open() {
    world = new World(folder);
    pipelines = new Pipelines(world.versions, new Random(7));
    repo("images");
    put("images");
  }

  @Test
  void aPipelineIsTwoReposAndABranchComputedFromItsInputsAndItsSpec() {
    Pipeline edges = create("edges", "images");

    Ref.Branch output = world.versions.branch(Specs.master("edges"));
    assertThat(output.provenance())
        .containsExactly(Specs.master("images"), new BranchName(edges.spec().specRepo(), "master"));
    assertThat(output.pipeline()).contains("edges");
    assertThat(edges.version()).isEqualTo(1);
    assertThat(edges.author()).isEqualTo("local:ann");
    assertThat(pipelines.text(edges.specCommit())).isEqualTo("text of edges");
  }

  @Test
  void creatingOneMakesAnOpenOutputCommitOfTheSameSet() {
    Pipeline edges = create("edges", "images");

    Commit output = head("edges");
    assertThat(output.isOpen()).isTrue();
    assertThat(output.name().id()).isEqualTo(edges.specCommit().id());
    assertThat(output.provenance()).extracting(Commit.Source::commit).contains(edges.specCommit());
  }

  @Test
  void aMissingInputBranchIsMadeAndAMissingRepoIsRefusedWithTheNearestName() {
    Input dev =
        new Input.Files(
            "images", new BranchName(new RepoName("default", "images"), "dev"), "/*", false);
    pipelines.create(ANN, List.of(draft(Specs.spec("edges", dev))));

    assertThat(world.versions.findRef(new BranchName(new RepoName("default", "images"), "dev")))
        .isPresent();
    assertThatThrownBy(() -> create("montage", "imagse"))
        .hasMessage("No repo is named `imagse`.")
        .satisfies(e -> assertThat(hint(e)).contains("Did you mean `images`?"));
    assertThat(world.versions.findRepo(new RepoName("default", "montage"))).isEmpty();
  }

  @Test
  void aNameThatIsTakenByARepoOrAPipelineIsRefused() {
    create("edges", "images");

    assertThatThrownBy(() -> create("edges", "images"))
        .hasMessage("A pipeline named `edges` exists already.");
    assertThatThrownBy(() -> create("images", "images"))
        .hasMessage("A repo named `images` exists already.");
  }

  @Test
  void aCircleIsRefused() {
    create("a", "images");
    create("b", "a");

    assertThatThrownBy(() -> update("a", "b")).isInstanceOf(DassieException.class);
    assertThatThrownBy(() -> create("c", "c")).isInstanceOf(DassieException.class);
    assertThat(pipelines.inspect("default", "a").version()).isEqualTo(1);
  }

  @Test
  void severalThatReadEachOtherComeAllInAnyOrderOrNoneAtAll() {
    Draft montage = draft(Specs.spec("montage", Specs.files("edges", "/*")));
    Draft edges = draft(Specs.spec("edges", Specs.files("images", "/*")));
    Draft bad = draft(Specs.spec("bad", Specs.files("nowhere", "/*")));

    assertThatThrownBy(() -> pipelines.create(ANN, List.of(montage, edges, bad)))
        .hasMessage("No repo is named `nowhere`.");
    assertThat(pipelines.list(Optional.empty(), "", 10).items()).isEmpty();
    List<Pipeline> made = pipelines.create(ANN, List.of(montage, edges));

    assertThat(made).extracting(one -> one.spec().name()).containsExactly("montage", "edges");
    assertThat(head("montage").name().id()).isEqualTo(head("edges").name().id());
  }

  @Test
  void anUpdateIsANewVersionWithANewOutputCommit() {
    Pipeline first = create("edges", "images");
    Pipeline second = update("edges", "images");

    assertThat(second.version()).isEqualTo(2);
    assertThat(second.created()).isEqualTo(first.created());
    assertThat(head("edges").name().id()).isEqualTo(second.specCommit().id());
    assertThat(pipelines.version(first.specCommit())).contains(first);
  }

  @Test
  void anUpdateCanChangeTheInputsAndTheOutputBranch() {
    create("edges", "images");
    repo("photos");
    put("photos");
    PipelineSpec moved = Specs.spec("edges", Specs.files("photos", "/*"));

    pipelines.update(ANN, List.of(draft(moved)), false);

    assertThat(world.versions.branch(Specs.master("edges")).provenance())
        .contains(Specs.master("photos"));
    assertThat(world.versions.subscribers(Specs.master("images"))).isEmpty();
  }

  @Test
  void anUpdateOfOneThatIsNotThereMakesIt() {
    assertThat(update("edges", "images").version()).isEqualTo(1);
  }

  @Test
  void reprocessingChoosesASaltThatLaterUpdatesKeep() {
    assertThat(create("edges", "images").spec().salt()).isEmpty();
    Draft draft = draft(Specs.spec("edges", Specs.files("images", "/*")));

    String salt = pipelines.update(ANN, List.of(draft), true).getFirst().spec().salt();
    String kept = update("edges", "images").spec().salt();
    String declared =
        pipelines
            .update(ANN, List.of(draft(draft.spec().withSalt("mine"))), false)
            .getFirst()
            .spec()
            .salt();

    assertThat(salt).hasSize(32);
    assertThat(kept).isEqualTo(salt);
    assertThat(declared).isEqualTo("mine/" + salt);
    assertThat(pipelines.update(ANN, List.of(draft), true).getFirst().spec().salt())
        .isNotEqualTo(salt);
  }

  @Test
  void theSourceStandsInTheSpecRepoWithWhereItComesFrom() {
    PipelineSpec spec = withSource("edges");
    Draft draft =
        new Draft(
            spec, "text", Optional.of(files("edges.py", "print()")), Optional.of("{\"git\":1}"));

    Pipeline edges = pipelines.create(ANN, List.of(draft)).getFirst();

    Entry.Directory source = pipelines.source(edges.specCommit()).orElseThrow();
    assertThat(source.files()).isEqualTo(1);
    assertThat(source.hash()).isEqualTo(files("edges.py", "print()").hash());
    assertThat(pipelines.sourceFacts(edges.specCommit())).contains("{\"git\":1}");
  }

  @Test
  void aSourceThatWasNotUploadedIsRefused() {
    assertThatThrownBy(() -> pipelines.create(ANN, List.of(draft(withSource("edges")))))
        .hasMessage(
            "`transform.source` of `edges` is `./edges`, expected the files of that directory to come with the spec.");
  }

  @Test
  void aPipelineThatAnotherReadsCannotBeDeleted() {
    create("edges", "images");
    create("montage", "edges");

    assertThatThrownBy(() -> pipelines.delete(ANN, "default", "edges", false))
        .hasMessage(
            "The pipeline `edges` cannot be deleted: the pipeline `montage` reads its output.");
    pipelines.delete(ANN, "default", "montage", false);
    pipelines.delete(ANN, "default", "edges", false);

    assertThat(pipelines.find("default", "edges")).isEmpty();
    assertThat(world.versions.findRepo(new RepoName("default", "edges"))).isEmpty();
    assertThat(create("edges", "images").version()).isEqualTo(1);
  }

  @Test
  void aDeletedPipelineCanLeaveItsOutput() {
    Pipeline edges = create("edges", "images");
    create("montage", "edges");
    CommitName open = head("edges").name();

    pipelines.delete(ANN, "default", "edges", true);

    assertThat(world.versions.inspect(open).state()).isInstanceOf(Commit.Failed.class);
    assertThat(world.versions.branch(Specs.master("edges")).isOutput()).isFalse();
    assertThat(pipelines.version(edges.specCommit())).contains(edges);
    assertThatThrownBy(() -> create("edges", "images"))
        .hasMessage("A repo named `edges` exists already.");
  }

  @Test
  void aPipelineThatIsNotThereIsNamedWithItsNearest() {
    create("edges", "images");

    assertThatThrownBy(() -> pipelines.inspect("default", "egdes"))
        .hasMessage("No pipeline is named `egdes`.")
        .satisfies(e -> assertThat(hint(e)).contains("Did you mean `edges`?"));
  }

  @Test
  void aStoppedPipelineLetsDataPassAndCatchesUpWhenStarted() {
    create("edges", "images");
    pipelines.stop(ANN, "default", "edges");
    CommitName before = head("edges").name();
    put("images");
    assertThat(head("edges").name()).isEqualTo(before);

    pipelines.start(ANN, "default", "edges");

    assertThat(head("edges").name()).isNotEqualTo(before);
    assertThat(head("edges").provenance())
        .extracting(Commit.Source::commit)
        .contains(head("images").name());
  }

  @Test
  void aRepeatedCallAnswersAsTheFirstDidAndChangesNothing() {
    Call call = new Call("local:ann", "", Optional.of("key-1"));
    Draft draft = draft(Specs.spec("edges", Specs.files("images", "/*")));

    List<Pipeline> first = pipelines.create(call, List.of(draft));
    List<Pipeline> again = pipelines.create(call, List.of(draft));

    assertThat(again).isEqualTo(first);
    assertThat(pipelines.inspect("default", "edges").version()).isEqualTo(1);
  }

  @Test
  void theListIsInNameOrderAndComesInPages() {
    create("b", "images");
    create("a", "images");
    create("c", "images");

    Page<Pipeline> first = pipelines.list(Optional.of("default"), "", 2);
    Page<Pipeline> rest = pipelines.list(Optional.of("default"), first.next().orElseThrow(), 2);

    assertThat(first.items()).extracting(one -> one.spec().name()).containsExactly("a", "b");
    assertThat(rest.items()).extracting(one -> one.spec().name()).containsExactly("c");
    assertThat(rest.next()).isEmpty();
  }

  private void repo(String name) {
    world.versions.change(ANN, change -> change.createRepo(new RepoName("default", name), ""));
  }

  private void put(String repo) {
    world.versions.change(ANN, change -> change.putFinished(Specs.master(repo), Filesets.EMPTY));
  }

  private Commit head(String repo) {
    return world.versions.resolve("default", repo + "@master");
  }

  private Pipeline create(String name, String input) {
    Draft draft = draft(Specs.spec(name, Specs.files(input, "/*")));
    return pipelines.create(ANN, List.of(draft)).getFirst();
  }

  private Pipeline update(String name, String input) {
    Draft draft = draft(Specs.spec(name, Specs.files(input, "/*")));
    return pipelines.update(ANN, List.of(draft), false).getFirst();
  }

  private static Draft draft(PipelineSpec spec) {
    return new Draft(spec, "text of " + spec.name(), Optional.empty(), Optional.empty());
  }

  private static PipelineSpec withSource(String name) {
    PipelineSpec plain = Specs.spec(name, Specs.files("images", "/*"));
    return new PipelineSpec(
        plain.project(),
        plain.name(),
        plain.description(),
        plain.labels(),
        plain.annotations(),
        Specs.EDGES,
        plain.input(),
        plain.outputBranch(),
        plain.parallelism(),
        plain.datumTries(),
        plain.datumTimeout(),
        plain.jobTimeout(),
        plain.everyJob(),
        plain.concat(),
        plain.salt(),
        plain.unused());
  }

  private Fileset files(String path, String content) {
    try (ChunkStore.Session session = world.chunks.session();
        Edits edits = new Edits(folder)) {
      Body body = new Body.Inline(content.getBytes(StandardCharsets.UTF_8));
      edits.add(new Edit.Put(new FilePath(path), false, body, Optional.empty()));
      Fileset files = new Filesets(session).apply(Filesets.EMPTY, edits, session);
      session.publish();
      return files;
    }
  }

  private static Optional<String> hint(Throwable refusal) {
    return refusal instanceof DassieException e ? e.fault().hint() : Optional.empty();
  }
}
