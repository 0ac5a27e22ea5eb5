package dev.dassie.pipeline;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Page;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.random.RandomGenerator;

/// The pipelines: what they are, and how they come, change and go. Thread-safe.
///
/// A pipeline `P` is two repos: `P`, whose output branch it writes, and `P.spec`, which has one
/// commit on `master` for each version, with `/spec.json` (as it was handed in), `/source` and
/// `/source.json`. The output branch is computed from the input branches and `P.spec@master`, so
/// that a new version makes a new output commit.
public final class Pipelines {
  /// Where the spec stands in a commit of a spec repo.
  public static final FilePath SPEC = new FilePath("spec.json");

  /// Where the source stands.
  public static final FilePath SOURCE = new FilePath("source");

  /// Where the facts about the source stand.
  public static final FilePath SOURCE_FACTS = new FilePath("source.json");

  private static final int MAX_LIST = 10_000;
  private static final int SALT_BYTES = 16;

  private static final Reply<List<Pipeline>> REPLY =
      Reply.of(
          (out, all) -> out.list(all, (to, one) -> one.write(to)), in -> in.list(Pipeline::read));
  private static final Reply<Pipeline> ONE = Reply.of((out, it) -> it.write(out), Pipeline::read);

  private final Versions versions;
  private final RandomGenerator random;
  private volatile Consumer<PipelineSpec> rule = spec -> {};

  /// @param random chooses salts; it is used under a lock
  public Pipelines(Versions versions, RandomGenerator random) {
    this.versions = versions;
    this.random = random;
  }

  /// Has a rule beside our own refuse specs, by throwing.
  public void refuseBy(Consumer<PipelineSpec> other) {
    rule = other;
  }

  /// Makes pipelines, all or none, in one transaction, and answers in the order given. They may
  /// read each other in any order. Refused: a name that is taken, a repo of that name, an input
  /// repo that is not there (with the nearest name), a circle. An input branch that is not there is
  /// made.
  public List<Pipeline> create(Call call, List<Draft> drafts) {
    return apply(call, drafts, false, false);
  }

  /// Makes a new version of each pipeline, or version 1 of one that is not there. Each gets a new
  /// output commit. Results are reused where code and data are the same; `reprocess` computes all
  /// anew, now and in later versions.
  public List<Pipeline> update(Call call, List<Draft> drafts, boolean reprocess) {
    return apply(call, drafts, true, reprocess);
  }

  private List<Pipeline> apply(Call call, List<Draft> drafts, boolean update, boolean reprocess) {
    Optional<List<Pipeline>> before = versions.remembered(call, REPLY);
    if (before.isPresent()) {
      return before.get();
    }
    try (ChunkStore.Hold _ = versions.chunks().hold()) {
      Submission submission = submit(drafts, update, reprocess);
      return versions.change(call, REPLY, change -> apply(change, submission));
    }
  }

  /// Checks drafts and stores their files, for a transaction that makes or updates the pipelines
  /// later, among other steps. Nothing but the caller keeps the files until then.
  public Submission submit(List<Draft> drafts, boolean update, boolean reprocess) {
    drafts.forEach(Drafts::check);
    drafts.forEach(draft -> rule.accept(draft.spec()));
    drafts.forEach(draft -> CronWork.check(draft.spec(), versions.clock().instant()));
    List<Fileset> files = Drafts.store(versions.chunks(), versions.spillFolder(), drafts);
    List<PipelineSpec> specs = drafts.stream().map(Draft::spec).toList();
    return new Submission(specs, files, update, reprocess ? newSalt() : "");
  }

  /// The same as an update for a transaction that is rehearsed: the files stay in the session,
  /// which need not be published.
  public Submission draft(ChunkStore.Session session, List<Draft> drafts, boolean reprocess) {
    drafts.forEach(Drafts::check);
    List<Fileset> files =
        drafts.stream().map(draft -> Drafts.store(session, versions.spillFolder(), draft)).toList();
    List<PipelineSpec> specs = drafts.stream().map(Draft::spec).toList();
    return new Submission(specs, files, true, reprocess ? newSalt() : "");
  }

  /// Makes or updates what was submitted, in a transaction of the caller's.
  public List<Pipeline> apply(Change change, Submission submission) {
    return new PipelineWork(change, submission.update(), submission.salt())
        .apply(submission.specs(), submission.files());
  }

  /// The newest version, or `Fault.NotFound` with the nearest name.
  public Pipeline inspect(String project, String name) {
    RepoName repo = new RepoName(project, name);
    return versions
        .metadata()
        .read(rows -> PipelineTable.find(rows, repo))
        .orElseThrow(() -> missing(repo).asException());
  }

  public Optional<Pipeline> find(String project, String name) {
    RepoName repo = new RepoName(project, name);
    return versions.metadata().read(rows -> PipelineTable.find(rows, repo));
  }

  /// A spec with the salt that would count if its pipeline were updated to it.
  public PipelineSpec salted(PipelineSpec declared) {
    String reprocess =
        find(declared.project(), declared.name()).map(Pipeline::reprocessSalt).orElse("");
    return declared.withSalt(PipelineWork.salt(declared.salt(), reprocess));
  }

  /// The version that a commit of a spec repo holds, also of a pipeline that was deleted with its
  /// output kept.
  public Optional<Pipeline> version(CommitName spec) {
    return versions.metadata().read(rows -> PipelineTable.version(rows, spec));
  }

  /// Pipelines of a project, or of all, by name; the cursor is a [Page#next] or empty, the limit 1
  /// to 10,000.
  public Page<Pipeline> list(Optional<String> project, String cursor, int limit) {
    if (limit < 1 || limit > MAX_LIST) {
      throw new Fault.Invalid("The limit", Integer.toString(limit), "1 to 10,000").asException();
    }
    String prefix = project.map(name -> name + "/").orElse("");
    List<Pipeline> found =
        versions.metadata().read(rows -> PipelineTable.list(rows, prefix, cursor, limit + 1));
    if (found.size() <= limit) {
      return new Page<>(found, Optional.empty());
    }
    List<Pipeline> items = found.subList(0, limit);
    return new Page<>(items, Optional.of(items.getLast().spec().repo().key()));
  }

  /// Deletes a pipeline with its repos. Refused while another pipeline reads its output. With
  /// `keepOutput` both repos stay, the output as a repo of the user's. Commits that are still open
  /// fail.
  public void delete(Call call, String project, String name, boolean keepOutput) {
    RepoName repo = new RepoName(project, name);
    Boolean _ =
        versions.change(
            call,
            Reply.DONE,
            change -> {
              Pipeline pipeline =
                  PipelineTable.find(change.rows(), repo)
                      .orElseThrow(() -> missing(change.rows(), repo).asException());
              new PipelineWork(change, false, "").delete(pipeline, keepOutput);
              return true;
            });
  }

  /// Makes a new version that is as the newest one, with a job on the newest data: what failed runs
  /// again. With `reprocess` everything does, now and in later versions.
  public Pipeline rerun(Call call, String project, String name, boolean reprocess) {
    RepoName repo = new RepoName(project, name);
    String salt = reprocess ? newSalt() : "";
    return versions.change(
        call,
        ONE,
        change -> {
          Pipeline old =
              PipelineTable.find(change.rows(), repo)
                  .orElseThrow(() -> missing(change.rows(), repo).asException());
          Fileset files =
              change
                  .commit(old.specCommit())
                  .flatMap(Commit::finishedFiles)
                  .orElseThrow(() -> missing(change.rows(), repo).asException());
          return new PipelineWork(change, true, salt)
              .apply(List.of(old.declared()), List.of(files))
              .getFirst();
        });
  }

  /// Takes the provenance from the output branch: new data starts no job any more.
  public Pipeline stop(Call call, String project, String name) {
    return turn(call, project, name, Pipeline.State.STOPPED);
  }

  /// Gives the provenance back, with one job on the newest data.
  public Pipeline start(Call call, String project, String name) {
    return turn(call, project, name, Pipeline.State.RUNNING);
  }

  private Pipeline turn(Call call, String project, String name, Pipeline.State state) {
    RepoName repo = new RepoName(project, name);
    return versions.change(
        call,
        ONE,
        change -> {
          Pipeline pipeline =
              PipelineTable.find(change.rows(), repo)
                  .orElseThrow(() -> missing(change.rows(), repo).asException());
          return new PipelineWork(change, false, "").turn(pipeline, state);
        });
  }

  /// The spec as it was handed in.
  public String text(CommitName spec) {
    return read(spec, SPEC).orElse("");
  }

  /// The facts about the source, JSON, if there are any.
  public Optional<String> sourceFacts(CommitName spec) {
    return read(spec, SOURCE_FACTS);
  }

  /// The code that came with a version.
  public Optional<Entry.Directory> source(CommitName spec) {
    return versions
        .find(spec)
        .flatMap(Commit::finishedFiles)
        .flatMap(files -> new Filesets(versions.chunks()).find(files, SOURCE))
        .filter(Entry.Directory.class::isInstance)
        .map(Entry.Directory.class::cast);
  }

  private Optional<String> read(CommitName spec, FilePath path) {
    Filesets filesets = new Filesets(versions.chunks());
    Optional<Entry> entry =
        versions
            .find(spec)
            .flatMap(Commit::finishedFiles)
            .flatMap(files -> filesets.find(files, path));
    if (!(entry.orElse(null) instanceof Entry.File file)) {
      return Optional.empty();
    }
    try (InputStream in = filesets.open(file.body())) {
      return Optional.of(new String(in.readAllBytes(), StandardCharsets.UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Fault missing(RepoName repo) {
    return versions.metadata().read(rows -> missing(rows, repo));
  }

  private static Fault missing(Metadata.Reader rows, RepoName repo) {
    List<String> names =
        PipelineTable.list(rows, repo.project() + "/", "", MAX_LIST).stream()
            .map(pipeline -> pipeline.spec().name())
            .toList();
    return new Fault.NotFound("pipeline", repo.toString(), Nearest.hint(repo.name(), names));
  }

  private String newSalt() {
    byte[] bytes = new byte[SALT_BYTES];
    synchronized (random) {
      random.nextBytes(bytes);
    }
    return HexFormat.of().formatHex(bytes);
  }
}
