package dev.dassie.job;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Whose turn it is: projects by their weight, in each its classes by their share, in each its jobs
/// alike. At each level whoever has had the least for its weight comes next (stride scheduling,
/// Waldspurger 1995), so a member of weight w among weights that add up to W waits for at most W /
/// w turns of others, rounded up. Not thread-safe.
final class Rota {
  private static final List<JobClass> ALL = List.of(JobClass.values());

  /// A project, class or job that waits for turns or has some.
  private static final class Member {
    private final int weight;
    private final Map<Object, Member> members = new LinkedHashMap<>();
    private double had;
    private double clock;
    private int waiting;
    private int held;

    Member(int weight, double had) {
      this.weight = weight;
      this.had = had;
    }

    Member copy() {
      Member copy = new Member(weight, had);
      copy.clock = clock;
      copy.waiting = waiting;
      copy.held = held;
      members.forEach((key, member) -> copy.members.put(key, member.copy()));
      return copy;
    }
  }

  private final Member root;
  private final Map<JobName, Claim> claims;

  Rota() {
    this(new Member(1, 0), new LinkedHashMap<>());
  }

  private Rota(Member root, Map<JobName, Claim> claims) {
    this.root = root;
    this.claims = claims;
  }

  /// One more turn is wanted.
  void want(Claim claim) {
    claims.put(claim.job(), claim);
    Member at = root;
    at.waiting++;
    for (Step step : path(claim)) {
      Member parent = at;
      // Who comes anew has no claim on turns that were given before.
      at =
          parent.members.computeIfAbsent(
              step.key(), key -> new Member(step.weight(), parent.clock));
      at.waiting++;
    }
  }

  /// A turn is not wanted any more.
  void forgo(Claim claim) {
    change(claim, -1, 0);
  }

  /// A turn that was given has ended.
  void end(Claim claim) {
    change(claim, 0, -1);
  }

  /// Gives the next turn to a job of one of these classes; nothing where none wants one.
  Optional<JobName> next(boolean interactiveOnly) {
    List<JobClass> classes = interactiveOnly ? List.of(JobClass.INTERACTIVE) : ALL;
    Optional<Map.Entry<Object, Member>> project = least(root, List.of(), classes);
    if (project.isEmpty()) {
      return Optional.empty();
    }
    Map.Entry<Object, Member> kind =
        least(project.get().getValue(), classes, List.of()).orElseThrow();
    Map.Entry<Object, Member> job = least(kind.getValue(), List.of(), List.of()).orElseThrow();
    root.waiting--;
    root.held++;
    take(root, project.get().getValue());
    take(project.get().getValue(), kind.getValue());
    take(kind.getValue(), job.getValue());
    return Optional.of((JobName) job.getKey());
  }

  private static void take(Member parent, Member member) {
    parent.clock = Math.max(parent.clock, member.had);
    member.had += 1.0 / member.weight;
    member.waiting--;
    member.held++;
  }

  /// The member that waits and has had the least.
  ///
  /// @param keys only these members; all where it is empty
  /// @param within only members that have one of these waiting within; all where it is empty
  private static Optional<Map.Entry<Object, Member>> least(
      Member parent, List<JobClass> keys, List<JobClass> within) {
    Optional<Map.Entry<Object, Member>> found = Optional.empty();
    for (Map.Entry<Object, Member> one : parent.members.entrySet()) {
      Member member = one.getValue();
      boolean waits =
          within.isEmpty()
              ? member.waiting > 0
              : within.stream()
                  .map(member.members::get)
                  .anyMatch(inner -> inner != null && inner.waiting > 0);
      boolean wanted = keys.isEmpty() || keys.stream().anyMatch(one.getKey()::equals);
      if (waits && wanted && (found.isEmpty() || member.had < found.get().getValue().had)) {
        found = Optional.of(one);
      }
    }
    return found;
  }

  /// Jobs in the order of their next turns, if nobody came and each waited on.
  List<JobName> order() {
    Rota rehearsal = new Rota(root.copy(), claims);
    List<JobName> order = new ArrayList<>();
    for (Optional<JobName> next = rehearsal.next(false);
        next.isPresent();
        next = rehearsal.next(false)) {
      if (!order.contains(next.get())) {
        order.add(next.get());
      }
    }
    return order;
  }

  /// How many turns a job has now.
  int held(JobName job) {
    return member(job).map(member -> member.held).orElse(0);
  }

  int waiting(JobName job) {
    return member(job).map(member -> member.waiting).orElse(0);
  }

  /// Who waits for turns or has some.
  List<Claim> claims() {
    return List.copyOf(claims.values());
  }

  private Optional<Member> member(JobName job) {
    Optional<Member> at = Optional.of(root);
    Claim claim = claims.get(job);
    if (claim == null) {
      return Optional.empty();
    }
    for (Step step : path(claim)) {
      at = at.map(member -> member.members.get(step.key()));
    }
    return at;
  }

  private void change(Claim claim, int waiting, int held) {
    List<Step> path = path(claim);
    List<Member> line = new ArrayList<>(List.of(root));
    for (Step step : path) {
      line.add(Optional.ofNullable(line.getLast().members.get(step.key())).orElseThrow());
    }
    for (Member member : line) {
      member.waiting += waiting;
      member.held += held;
    }
    for (int i = path.size(); i > 0; i--) {
      Member member = line.get(i);
      if (member.waiting + member.held == 0) {
        line.get(i - 1).members.remove(path.get(i - 1).key());
      }
    }
    if (line.getLast().waiting + line.getLast().held == 0) {
      claims.remove(claim.job());
    }
  }

  private record Step(Object key, int weight) {}

  private static List<Step> path(Claim claim) {
    return List.of(
        new Step(claim.job().project(), claim.weight()),
        new Step(claim.kind(), claim.kind().share()),
        new Step(claim.job(), 1));
  }
}
