package dev.dassie.job;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// Makes a job for each open commit of a pipeline's branch, in one transaction with the place in
/// the feed up to which that has been done. Thread-safe.
final class JobMaker {
  private static final Metadata.Key CURSOR = new Metadata.Key("job_cursor", "feed");

  private final Versions versions;
  private final Recipes recipes;

  JobMaker(Versions versions, Recipes recipes) {
    this.versions = versions;
    this.recipes = recipes;
  }

  /// The jobs that were made, and those that an update of their pipeline stopped.
  record Made(List<Job> jobs, List<JobName> stopped) {}

  private record Wanted(Commit output, CommitName spec, long version) {}

  long cursor() {
    return versions
        .metadata()
        .read(rows -> rows.get(CURSOR))
        .map(bytes -> new Decoder("The place of the scheduler in the feed", bytes).varint())
        .orElse(0L);
  }

  void cursor(long position) {
    boolean _ =
        versions
            .metadata()
            .write(rows -> {
              putCursor(rows, position);
              return true;
            });
  }

  private static void putCursor(Metadata.Writer rows, long position) {
    rows.put(CURSOR, new Encoder().varint(position).toBytes());
  }

  /// Makes the jobs of those commits that are outputs. `live` are the jobs that have not ended.
  Made make(List<CommitName> commits, Board live, long position) {
    List<Wanted> wanted = new ArrayList<>();
    for (CommitName name : commits) {
      versions.find(name).filter(Commit::isOpen).flatMap(this::wanted).ifPresent(wanted::add);
    }
    if (wanted.isEmpty()) {
      return new Made(List.of(), List.of());
    }
    return versions.change(
        Call.SYSTEM,
        change -> {
          List<Job> made = new ArrayList<>();
          List<JobName> stopped = new ArrayList<>();
          for (Wanted one : wanted) {
            add(change, one)
                .ifPresent(job -> {
                  made.add(job);
                  stopped.addAll(stopOlder(change, job, live));
                });
          }
          putCursor(change.rows(), position);
          return new Made(List.copyOf(made), List.copyOf(stopped));
        });
  }

  private Optional<Wanted> wanted(Commit output) {
    // What is made of no data is written by a process, not by a job.
    boolean data =
        output.provenance().stream()
            .anyMatch(source -> source.commit().repo().type() == RepoName.Type.USER);
    return Recipes.specOf(output)
        .filter(spec -> data)
        .map(spec -> new Wanted(output, spec, version(spec)));
  }

  private long version(CommitName spec) {
    try {
      return recipes.of(spec).version();
    } catch (DassieException e) {
      // The run will meet the same fault and fail the job with it.
      System.getLogger("dassie.job").log(System.Logger.Level.WARNING, e.fault().message());
      return 0;
    }
  }

  private static Optional<Job> add(Change change, Wanted wanted) {
    Commit output = wanted.output();
    JobName name =
        new JobName(
            output.name().repo().project(), output.name().repo().name(), output.name().id());
    BranchName branch = new BranchName(output.name().repo(), output.branch());
    boolean known = JobTable.find(change.rows(), name).isPresent();
    boolean owned =
        change.ref(branch).filter(ref -> ref instanceof Ref.Branch b && b.isOutput()).isPresent();
    boolean open = change.commit(output.name()).filter(Commit::isOpen).isPresent();
    if (known || !owned || !open) {
      return Optional.empty();
    }
    Job job =
        new Job(
            name,
            JobTable.nextSequence(change.rows()),
            wanted.version(),
            wanted.spec(),
            branch,
            Job.State.WAITING,
            "",
            Job.Counts.NONE,
            new Job.Times(change.now(), Optional.empty(), Optional.empty()),
            new Job.Roots(PersistentMap.EMPTY, PersistentMap.EMPTY, PersistentMap.EMPTY),
            Optional.empty(),
            Optional.empty(),
            "",
            "",
            List.of(),
            output.author(),
            output.message());
    JobRecord.write(change, job, true);
    return Optional.of(job);
  }

  /// An update of a pipeline stops its jobs of older versions.
  private static List<JobName> stopOlder(Change change, Job job, Board live) {
    List<JobName> stopped = new ArrayList<>();
    for (Job older : live.ofPipeline(job.name().project(), job.name().pipeline())) {
      if (!older.spec().equals(job.spec())) {
        String reason =
            "The pipeline `%s` was updated to version %d."
                .formatted(job.name().pipeline(), job.specVersion());
        if (JobRecord.stop(change, older.name(), reason)) {
          stopped.add(older.name());
        }
      }
    }
    return stopped;
  }
}
