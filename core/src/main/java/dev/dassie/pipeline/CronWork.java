package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import dev.dassie.version.Alarms;
import dev.dassie.version.Change;
import dev.dassie.version.RepoName;
import java.time.Instant;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What happens to the cron inputs of a pipeline within one transaction. Lives as long as the
/// transaction.
final class CronWork {
  /// The kind of its alarms; they are named by the repo of the ticks.
  static final String ALARM = "cron";

  /// Ticks that are made at once for a time that is past; older ones are left out, and a `start`
  /// that asks for more is refused.
  static final int MOST_MISSED = 1_000;

  private final Change change;

  CronWork(Change change) {
    this.change = change;
  }

  /// The cron inputs of a spec by their repos.
  static Map<RepoName, Input.Files> clocks(PipelineSpec spec) {
    Map<RepoName, Input.Files> clocks = new LinkedHashMap<>();
    for (Input.Files arm : spec.input().arms()) {
      if (arm.starts().cron().isPresent()) {
        clocks.putIfAbsent(arm.branch().repo(), arm);
      }
    }
    return clocks;
  }

  private static Cron cron(Input.Files arm) {
    return arm.starts().cron().orElseThrow();
  }

  /// Refuses two clocks for one repo, and a start so long ago that its ticks are too many.
  static void check(PipelineSpec spec, Instant now) {
    Set<RepoName> repos = new HashSet<>();
    for (Input.Files arm : spec.input().arms()) {
      Optional<Cron> cron = arm.starts().cron();
      if (cron.isPresent() && !repos.add(arm.branch().repo())) {
        throw new Fault.Invalid(
                "The repo of the cron input `%s`".formatted(arm.name()),
                arm.branch().repo().toString(),
                "one that no other cron input ticks in")
            .asException();
      }
      cron.filter(one -> !one.overwrite())
          .flatMap(Cron::start)
          .filter(start -> cron.get().schedule().missed(start, now, MOST_MISSED).more())
          .ifPresent(start -> {
            throw new Fault.Invalid(
                    "`start` of the cron input `%s`".formatted(arm.name()),
                    start.toString(),
                    "a time since which `%s` has at most 1,000 ticks"
                        .formatted(cron.get().schedule()))
                .asException();
          });
    }
  }

  /// Makes the repos of a spec's clocks, before its branch is computed from them, and sets the
  /// clocks: one that ticks as before goes on from its last tick, a new one, or one with another
  /// start, from its start, any other from now.
  ///
  /// @param old the version before
  void make(PipelineSpec spec, Optional<Pipeline> old) {
    Map<RepoName, Input.Files> before =
        old.map(Pipeline::spec).map(CronWork::clocks).orElse(Map.of());
    boolean ran = old.filter(one -> one.state() == Pipeline.State.RUNNING).isPresent();
    clocks(spec)
        .forEach((repo, arm) -> {
          claim(spec, repo);
          Optional<Cron> was = Optional.ofNullable(before.get(repo)).map(CronWork::cron);
          set(spec.repo(), repo, cron(arm), from(repo, cron(arm), was, ran));
        });
  }

  /// @param ran whether the clock was ticking until now
  private Instant from(RepoName repo, Cron cron, Optional<Cron> was, boolean ran) {
    if (was.filter(one -> one.start().equals(cron.start())).isEmpty()) {
      return cron.start().orElse(change.now());
    }
    return CronTable.find(change.rows(), repo)
        .filter(clock -> ran && was.get().schedule().equals(cron.schedule()))
        .map(CronTable.Clock::last)
        .orElse(change.now());
  }

  private void claim(PipelineSpec spec, RepoName repo) {
    if (change.repo(repo).isEmpty()) {
      change.createRepo(repo, "Ticks of the pipeline `%s`.".formatted(spec.name()));
    } else if (change.owner(repo).filter(spec.name()::equals).isEmpty()) {
      throw new Fault.AlreadyExists("repo", repo.toString()).asException();
    }
    change.own(repo, Optional.of(spec.name()));
  }

  private void set(RepoName pipeline, RepoName repo, Cron cron, Instant last) {
    CronTable.put(change.rows(), repo, new CronTable.Clock(pipeline, last));
    Alarms.set(change.rows(), ALARM, repo.key(), cron.schedule().after(last));
  }

  /// Notes that a clock has ticked.
  void ticked(RepoName pipeline, RepoName repo, Cron cron, Instant tick) {
    set(pipeline, repo, cron, tick);
  }

  /// Lets the clocks of a pipeline go on from now: what would have ticked while they stood is not
  /// made up for.
  void start(PipelineSpec spec) {
    clocks(spec).forEach((repo, arm) -> set(spec.repo(), repo, cron(arm), change.now()));
  }

  void stop(PipelineSpec spec) {
    clocks(spec)
        .keySet()
        .forEach(repo -> Alarms.set(change.rows(), ALARM, repo.key(), Optional.empty()));
  }

  /// Takes up the clocks of a pipeline that came from elsewhere, from now on.
  void adopt(PipelineSpec spec, boolean runs) {
    for (RepoName repo : clocks(spec).keySet()) {
      if (change.repo(repo).isPresent()) {
        change.own(repo, Optional.of(spec.name()));
      }
    }
    if (runs) {
      start(spec);
    }
  }

  /// Deletes the clocks of a spec that another has not, with their repos. Nothing may be computed
  /// from them any more.
  void drop(PipelineSpec spec, List<RepoName> kept) {
    for (RepoName repo : clocks(spec).keySet()) {
      if (!kept.contains(repo) && change.owner(repo).filter(spec.name()::equals).isPresent()) {
        Alarms.set(change.rows(), ALARM, repo.key(), Optional.empty());
        CronTable.delete(change.rows(), repo);
        change.own(repo, Optional.empty());
        change.deleteRepo(repo);
      }
    }
  }
}
