package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.pipeline.secret.SecretStore;
import dev.dassie.pipeline.secret.SecretUse;
import dev.dassie.version.BranchName;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Event;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What happens to pipelines within one transaction. Lives as long as the transaction.
final class PipelineWork {
  private final Change change;
  private final boolean update;
  private final String newSalt;

  /// @param update whether a pipeline that is there gets a new version, or is refused
  /// @param newSalt what reprocessing chose, empty if nothing is reprocessed
  PipelineWork(Change change, boolean update, String newSalt) {
    this.change = change;
    this.update = update;
    this.newSalt = newSalt;
  }

  /// Makes or updates all; `files` are those of the spec commits.
  List<Pipeline> apply(List<PipelineSpec> specs, List<Fileset> files) {
    Map<RepoName, Integer> places = new HashMap<>();
    for (int i = 0; i < specs.size(); i++) {
      RepoName repo = specs.get(i).repo();
      if (places.putIfAbsent(repo, i) != null) {
        throw new Fault.AlreadyExists("pipeline", repo.toString()).asException();
      }
    }
    specs.forEach(this::makeRepos);
    Map<RepoName, Pipeline> made = new HashMap<>();
    for (int place : order(specs, places)) {
      PipelineSpec spec = specs.get(place);
      made.put(spec.repo(), save(spec, files.get(place)));
    }
    return specs.stream().map(spec -> made.get(spec.repo())).toList();
  }

  private void makeRepos(PipelineSpec spec) {
    Optional<Pipeline> old = PipelineTable.find(change.rows(), spec.repo());
    if (old.isPresent()) {
      if (!update) {
        throw new Fault.AlreadyExists("pipeline", spec.repo().toString()).asException();
      }
      return;
    }
    if (!isLost(spec)) {
      change.createRepo(spec.repo(), "Output of the pipeline `%s`.".formatted(spec.name()));
    }
    // The spec repo of a pipeline that was deleted with its output kept goes on.
    if (change.repo(spec.specRepo()).isEmpty()) {
      change.createRepo(spec.specRepo(), "Versions of the pipeline `%s`.".formatted(spec.name()));
    }
  }

  /// Whether the output is there and says that this pipeline writes it, which has no record: a
  /// database that was rebuilt. Its history goes on.
  private boolean isLost(PipelineSpec spec) {
    return change
        .ref(spec.output())
        .filter(ref ->
            ref instanceof Ref.Branch branch && branch.pipeline().equals(Optional.of(spec.name())))
        .isPresent();
  }

  /// Places of the specs, those that are read by others before them; in a circle any order will do,
  /// it is refused when the branches are made.
  private static List<Integer> order(List<PipelineSpec> specs, Map<RepoName, Integer> places) {
    List<Integer> order = new ArrayList<>();
    Set<Integer> seen = new HashSet<>();
    // Depth-first without recursion, for chains of any length.
    for (int start = 0; start < specs.size(); start++) {
      List<Integer> stack = new ArrayList<>(List.of(start));
      while (!stack.isEmpty()) {
        int place = stack.getLast();
        boolean first = seen.add(place);
        List<Integer> before = new ArrayList<>();
        if (first) {
          for (BranchName branch : specs.get(place).input().branches()) {
            Optional.ofNullable(places.get(branch.repo()))
                .filter(other -> !seen.contains(other))
                .ifPresent(before::add);
          }
        }
        if (before.isEmpty()) {
          stack.removeLast();
          if (!order.contains(place)) {
            order.add(place);
          }
        } else {
          stack.addAll(before);
        }
      }
    }
    return order;
  }

  private Pipeline save(PipelineSpec declared, Fileset files) {
    Optional<Pipeline> old = PipelineTable.find(change.rows(), declared.repo());
    CronWork clocks = new CronWork(change);
    clocks.make(declared, old);
    TriggeredInputs.make(change, declared);
    makeInputBranches(declared);
    for (SecretUse use : declared.transform().secrets()) {
      SecretStore.require(change.rows(), declared.project(), use);
    }
    declared
        .egress()
        .filter(egress -> egress.secret().isPresent())
        .ifPresent(egress ->
            SecretStore.require(
                change.rows(),
                declared.project(),
                new SecretUse(
                    egress.secret().get(), egress.key(), Optional.empty(), Optional.empty())));
    String reprocess = newSalt.isEmpty() ? old.map(Pipeline::reprocessSalt).orElse("") : newSalt;
    PipelineSpec spec = declared.withSalt(salt(declared.salt(), reprocess));
    Commit commit = change.putFinished(spec.versions(), files);
    old.map(before -> before.spec().output())
        .filter(branch -> !branch.equals(spec.output()))
        .ifPresent(change::releaseBranch);
    if (old.isPresent() && spec.running().stays()) {
      failOpen(spec, "The pipeline was updated.");
    }
    wire(spec);
    old.map(Pipeline::spec)
        .ifPresent(before -> {
          clocks.drop(before, List.copyOf(CronWork.clocks(spec).keySet()));
          TriggeredInputs.drop(change, before);
        });
    Pipeline pipeline =
        new Pipeline(
            spec,
            old.map(Pipeline::version).orElse(0L) + 1,
            commit.name(),
            Pipeline.State.RUNNING,
            old.map(Pipeline::created).orElse(change.now()),
            change.now(),
            change.call().principal(),
            reprocess);
    PipelineTable.put(change.rows(), pipeline);
    event(old.isEmpty() ? "pipeline.created" : "pipeline.updated", pipeline);
    return pipeline;
  }

  /// Both count: a newly declared salt computes anew, and so did reprocessing for good.
  static String salt(String declared, String reprocess) {
    if (declared.isEmpty() || reprocess.isEmpty()) {
      return declared + reprocess;
    }
    return declared + "/" + reprocess;
  }

  private void makeInputBranches(PipelineSpec spec) {
    for (BranchName branch : spec.input().branches()) {
      if (!branch.isPinned() && change.ref(branch).isEmpty()) {
        Ref.Branch _ = change.createBranch(branch, Optional.empty(), List.of(), Optional.empty());
      }
    }
  }

  private void wire(PipelineSpec spec) {
    List<BranchName> provenance = new ArrayList<>(spec.input().branches());
    provenance.add(spec.versions());
    Ref.Branch _ =
        change.createBranch(spec.output(), Optional.empty(), provenance, Optional.of(spec.name()));
    change.quiet(spec.output(), spec.quiet());
  }

  Pipeline turn(Pipeline pipeline, Pipeline.State state) {
    if (pipeline.state() == state) {
      return pipeline;
    }
    Pipeline turned = pipeline.withState(state);
    if (pipeline.spec().running().stays()) {
      failOpen(pipeline.spec(), "The pipeline was stopped.");
    }
    if (state == Pipeline.State.RUNNING) {
      wire(pipeline.spec());
      new CronWork(change).start(pipeline.spec());
    } else {
      new CronWork(change).stop(pipeline.spec());
      Ref.Branch _ =
          change.createBranch(
              pipeline.spec().output(),
              Optional.empty(),
              List.of(),
              Optional.of(pipeline.spec().name()));
    }
    PipelineTable.put(change.rows(), turned);
    event(state == Pipeline.State.RUNNING ? "pipeline.started" : "pipeline.stopped", turned);
    return turned;
  }

  void delete(Pipeline pipeline, boolean keepOutput) {
    PipelineSpec spec = pipeline.spec();
    if (!keepOutput) {
      List<Pipeline> readers = PipelineTable.readersOf(change.rows(), spec.repo());
      if (!readers.isEmpty()) {
        String reader = readers.getFirst().spec().repo().toString();
        throw new Fault.Conflict(
                "The pipeline `%s` cannot be deleted: the pipeline `%s` reads its output."
                    .formatted(spec.repo(), reader),
                Optional.of("Delete `%s` first, or keep the output.".formatted(reader)))
            .asException();
      }
    }
    failOpen(spec, "The pipeline was deleted.");
    change.releaseBranch(spec.output());
    PipelineTable.remove(change.rows(), pipeline);
    new CronWork(change).drop(spec, List.of());
    TriggeredInputs.drop(change, spec);
    if (!keepOutput) {
      change.deleteRepo(spec.repo());
      change.deleteRepo(spec.specRepo());
      PipelineTable.removeVersions(change.rows(), pipeline);
    }
    event("pipeline.deleted", pipeline);
  }

  /// Ends the output commits that nobody will compute any more, newest first.
  private void failOpen(PipelineSpec spec, String reason) {
    Optional<CommitName> next = change.head(spec.output());
    while (next.isPresent()) {
      Optional<Commit> commit = change.commit(next.get()).filter(Commit::isOpen);
      commit.ifPresent(open -> change.fail(open.name(), reason));
      next = commit.flatMap(Commit::parent).map(id -> new CommitName(spec.repo(), id));
    }
  }

  /// Tells the feed of a version that came from elsewhere.
  void tell(boolean first, Pipeline pipeline) {
    event(first ? "pipeline.created" : "pipeline.updated", pipeline);
  }

  private void event(String kind, Pipeline pipeline) {
    PipelineSpec spec = pipeline.spec();
    long _ =
        change.append(
            new Event(
                kind,
                spec.project(),
                Optional.of(spec.repo().local()),
                Optional.of(spec.outputBranch()),
                Optional.of(pipeline.specCommit().id()),
                change.call().principal(),
                change.now(),
                Map.of("pipeline", spec.name(), "version", Long.toString(pipeline.version()))));
  }
}
