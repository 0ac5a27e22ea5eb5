package dev.dassie.version;

import dev.dassie.fault.DassieException;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/// What one writer wants to become a commit, or part of an open one, and what became of it. Its
/// writer waits in a [Line]; another thread may do the work. Thread-safe once it is in the line.
final class Write {
  /// A batch with more edits is worked on by itself.
  private static final int MAX_SMALL = 256;

  private final Call call;
  private final BranchName branch;
  private final Optional<CommitName> commit;
  private final CommitId id;
  private final Staging chunks;
  private final Spool spool;
  private final boolean finish;
  private final Terms terms;

  /// Done when it is this write's turn to lead (true), or when it has an outcome (false).
  private final CompletableFuture<Boolean> turn = new CompletableFuture<>();

  private final CompletableFuture<Commit> outcome = new CompletableFuture<>();

  /// @param commit the open commit that it must go into; empty for whatever the branch's head is
  /// @param id of the commit that it becomes where the head is not open
  /// @param finish whether the open commit ends with it
  /// @param terms what it asks for beside its edits
  Write(
      Call call,
      BranchName branch,
      Optional<CommitName> commit,
      CommitId id,
      Staging chunks,
      Spool spool,
      boolean finish,
      Terms terms) {
    this.call = call;
    this.branch = branch;
    this.commit = commit;
    this.id = id;
    this.chunks = chunks;
    this.spool = spool;
    this.finish = finish;
    this.terms = terms;
  }

  Call call() {
    return call;
  }

  BranchName branch() {
    return branch;
  }

  Optional<CommitName> commit() {
    return commit;
  }

  CommitId id() {
    return id;
  }

  Staging chunks() {
    return chunks;
  }

  Spool spool() {
    return spool;
  }

  boolean finish() {
    return finish;
  }

  Terms terms() {
    return terms;
  }

  /// Whether what it does depends on what is there.
  boolean asks() {
    return spool.hasAppends() || !terms.preconditions().isEmpty();
  }

  /// Refuses a target that is not what this write must stand on.
  void check(Targets.Target target) {
    terms.expected().ifPresent(commit -> commit.check(branch, target));
  }

  /// Whether it has few edits, which an open commit may keep one by one.
  boolean isShort() {
    return spool.size() <= MAX_SMALL;
  }

  /// Whether it may share packs and a transaction with others.
  boolean isSmall() {
    return !finish && terms.expected().isEmpty() && chunks.isSmall() && isShort();
  }

  /// Whether both may be worked on together: both small, for one target, and not one call twice.
  boolean joins(Write other) {
    boolean sameCall =
        call.idempotencyKey().isPresent()
            && call.idempotencyKey().equals(other.call.idempotencyKey())
            && call.principal().equals(other.call.principal());
    // What a pipeline writes has provenance, and rules of its own.
    boolean alike = !call.isOfPipeline() && !other.call.isOfPipeline();
    boolean oneTarget =
        commit.equals(other.commit)
            && terms.opening().isPresent() == other.terms.opening().isPresent();
    return isSmall() && other.isSmall() && oneTarget && alike && !sameCall;
  }

  void lead() {
    turn.complete(true);
  }

  /// Waits for the turn or the outcome; true for the turn.
  boolean awaitTurn() {
    return turn.join();
  }

  void answer(Commit answer) {
    outcome.complete(answer);
    turn.complete(false);
  }

  void refuse(Throwable refusal) {
    outcome.completeExceptionally(refusal);
    turn.complete(false);
  }

  boolean isOver() {
    return outcome.isDone();
  }

  /// The commit that it became, or the refusal.
  Commit outcome() {
    return switch (outcome.state()) {
      case SUCCESS -> outcome.resultNow();
      case FAILED -> throw raised(outcome.exceptionNow());
      case RUNNING, CANCELLED -> throw new IllegalStateException("the write is not over");
    };
  }

  /// The refusal with the frames of this thread.
  private static RuntimeException raised(Throwable refusal) {
    return refusal instanceof DassieException known
        ? new DassieException(known.fault(), known)
        : new IllegalStateException(refusal);
  }
}
