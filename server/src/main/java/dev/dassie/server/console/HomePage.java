package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.job.Job;
import dev.dassie.job.JobName;
import dev.dassie.job.Queue;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.version.Event;
import dev.dassie.version.Project;
import dev.dassie.version.RepoName;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// What runs, what failed, what waits and why, and what came in last.
final class HomePage {
  private static final int PROJECTS = 50;
  private static final int JOBS = 100;
  private static final int QUEUED = 20;
  private static final int SHOWN = 10;
  private static final int EVENTS = 200;

  private final Dassie dassie;
  private final Screen screen;

  HomePage(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(screen.get("/", this::show));
  }

  private void show(Exchange exchange) {
    boolean empty =
        dassie
            .versions()
            .repos(Optional.empty(), Optional.of(RepoName.Type.USER), "", 1)
            .items()
            .isEmpty();
    if (empty) {
      screen.show(exchange, "start", screen.frame("Home", "home", true, "Home"), Map.of());
      return;
    }
    List<Queue.Item> live = dassie.queue().items();
    List<Job> recent = recent();
    screen.show(
        exchange,
        "home",
        screen.frame("Home", "home", true, "Home"),
        Map.of(
            "running", queued(live, true),
            "waiting", queued(live, false),
            "live", live.size(),
            "failing", failing(recent),
            "ended", recent.stream().filter(job -> job.state().ended()).limit(SHOWN).toList(),
            "commits", commits()));
  }

  private static List<Queue.Item> queued(List<Queue.Item> live, boolean running) {
    return live.stream()
        .filter(
            item -> item.job().map(job -> job.state() == Job.State.RUNNING).orElse(true) == running)
        .limit(QUEUED)
        .toList();
  }

  /// The newest jobs of each project, newest first.
  private List<Job> recent() {
    List<Job> jobs = new ArrayList<>();
    for (Project project : dassie.versions().projects("", PROJECTS).items()) {
      jobs.addAll(
          dassie.jobs().list(project.name(), Optional.empty(), Optional.empty(), "", JOBS).items());
    }
    jobs.sort(Comparator.comparingLong(Job::sequence).reversed());
    return jobs;
  }

  /// The newest ended job of each pipeline, where it did not succeed.
  private static List<Job> failing(List<Job> recent) {
    Set<String> seen = new HashSet<>();
    List<Job> failing = new ArrayList<>();
    for (Job job : recent) {
      JobName name = job.name();
      if (job.state().ended() && seen.add(name.project() + "/" + name.pipeline())) {
        if (job.state() == Job.State.FAILED || job.state() == Job.State.UNRUNNABLE) {
          failing.add(job);
        }
      }
    }
    return failing.stream().limit(SHOWN).toList();
  }

  /// What users brought in last, newest first.
  private List<Event> commits() {
    long position = dassie.versions().position();
    List<Event.Positioned> last = dassie.versions().events(Math.max(0, position - EVENTS), EVENTS);
    return last.reversed().stream()
        .map(Event.Positioned::event)
        .filter(event -> event.kind().equals(Event.COMMIT_FINISHED))
        .filter(
            event -> event.repoName().filter(repo -> repo.type() == RepoName.Type.USER).isPresent())
        .limit(SHOWN)
        .toList();
  }
}
