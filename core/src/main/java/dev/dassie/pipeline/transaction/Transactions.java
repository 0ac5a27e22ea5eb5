package dev.dassie.pipeline.transaction;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.metadata.Metadata;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Submission;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Closing;
import dev.dassie.version.CommitId;
import dev.dassie.version.Rehearsal;
import dev.dassie.version.Reply;
import dev.dassie.version.Versions;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.function.Function;
import java.util.function.Supplier;

/// Transactions over several repos (design S2, S9): steps are gathered, then all of them happen in
/// one change, or none. All commits that it makes have the id of the transaction, which is known
/// from its start. Files are written beside transactions, never in them. Thread-safe.
///
/// A step is rehearsed when it is added: all steps so far are done and taken back. So a refusal
/// comes at once, and each step may build on those before it. What others do meanwhile may still
/// make [#finish] refuse.
public final class Transactions {
  /// Steps of one transaction at most.
  public static final int MAX_STEPS = 1_000;

  /// How long a transaction is kept after its last step.
  public static final Duration KEPT = Duration.ofHours(24);

  /// Unfinished ones at a time, and the bytes of one's steps.
  static final int MAX_UNFINISHED = 1_000;

  private static final long MAX_BYTES = 8 << 20;

  /// What it stands on may change this often under a call before that gives up.
  private static final int MAX_TRIES = 20;

  private final Versions versions;
  private final Playback playback;

  public Transactions(Versions versions, Pipelines pipelines) {
    this.versions = versions;
    this.playback = new Playback(pipelines);
  }

  /// Begins one. Its message is for those steps that have none. Refused while a thousand are not
  /// finished.
  public Transaction start(Call call) {
    return versions.change(
        call,
        Transaction.REPLY,
        change -> {
          if (TransactionTable.list(change.rows(), MAX_UNFINISHED).size() == MAX_UNFINISHED) {
            throw new Fault.Conflict(
                    "%d transactions are not finished; expected fewer.".formatted(MAX_UNFINISHED),
                    Optional.of("`dassie delete transaction` drops one."))
                .asException();
          }
          Instant now = change.now();
          Transaction started =
              new Transaction(change.set(), call.principal(), call.message(), now, now, 0, 0);
          TransactionTable.put(change.rows(), started);
          return started;
        });
  }

  /// All that are not finished, the oldest first.
  public List<Transaction> list() {
    return versions.metadata().read(rows -> TransactionTable.list(rows, MAX_UNFINISHED)).stream()
        .sorted(Comparator.comparing(Transaction::started).thenComparing(one -> one.id().value()))
        .toList();
  }

  /// A transaction with its steps.
  public record Whole(Transaction transaction, List<Added> steps) {}

  /// One that is not finished, or `Fault.NotFound`, which says where it went if that is known.
  public Whole inspect(CommitId id) {
    return versions
        .metadata()
        .read(rows -> whole(rows, id))
        .orElseThrow(() -> missing(id).asException());
  }

  private static Optional<Whole> whole(Metadata.Reader rows, CommitId id) {
    return TransactionTable.find(rows, id)
        .map(found -> new Whole(found, TransactionTable.steps(rows, id)));
  }

  private Fault missing(CommitId id) {
    String hint =
        versions.set(id).isEmpty()
            ? "`dassie list transaction` shows all; one is kept for %d h after its last step."
                .formatted(KEPT.toHours())
            : "It was finished: `dassie list commit %s` shows its commits.".formatted(id);
    return new Fault.NotFound("transaction", id.value(), Optional.of(hint));
  }

  /// What a step that was added would do now.
  public record Rehearsed(Transaction transaction, Added added, Answer answer) {}

  /// Adds a step. `draft` says which, and sees what the steps before it do; it is called within a
  /// change, maybe several times. `answer` makes of it what is answered, and remembered for a
  /// repeat of the call. A step that is refused leaves the transaction as it was.
  public <T> T add(
      Call call,
      CommitId id,
      Function<Change, Step> draft,
      Reply<T> reply,
      Function<Rehearsed, T> answer) {
    return versions
        .remembered(call, reply)
        .orElseGet(() ->
            retrying(() -> {
              Whole before = inspect(id);
              refuseMore(before.transaction());
              Rehearsed rehearsed = rehearse(call, before, draft);
              T said = answer.apply(rehearsed);
              byte[] stored = StepCodec.encode(rehearsed.added());
              Transaction after = before.transaction().with(rehearsed.added(), stored.length);
              if (after.bytes() > MAX_BYTES) {
                throw new Fault.Invalid(
                        "The size of the transaction's steps",
                        after.bytes() + " B",
                        "at most 8 MiB")
                    .asException();
              }
              return versions.change(
                  call,
                  reply,
                  change -> {
                    expect(change, before.transaction());
                    TransactionTable.put(change.rows(), after);
                    TransactionTable.put(change.rows(), id, after.steps(), stored);
                    return said;
                  });
            }));
  }

  /// Adds a step that makes or updates pipelines; `submission` stores their files.
  public <T> T addPipelines(
      Call call,
      CommitId id,
      Supplier<Submission> submission,
      Reply<T> reply,
      Function<Rehearsed, T> answer) {
    Optional<T> first = versions.remembered(call, reply);
    if (first.isPresent()) {
      return first.get();
    }
    try (ChunkStore.Hold _ = versions.chunks().hold()) {
      Step step = new Step.SubmitPipelines(submission.get());
      return add(call, id, change -> step, reply, answer);
    }
  }

  private static void refuseMore(Transaction transaction) {
    if (transaction.steps() >= MAX_STEPS) {
      throw new Fault.Conflict(
              "The transaction `%s` has %d steps, the most that one can have."
                  .formatted(transaction.id(), MAX_STEPS),
              Optional.of("Finish it, and go on in another."))
          .asException();
    }
  }

  private Rehearsed rehearse(Call call, Whole before, Function<Change, Step> draft) {
    Transaction transaction = before.transaction();
    return Rehearsal.run(
        versions,
        call,
        transaction.id(),
        change -> {
          playback.all(change, transaction, before.steps(), Closing::rehearse);
          change.by(Playback.call(transaction, call.principal(), call.message()));
          Step step = draft.apply(change);
          Answer answer = playback.one(change, step, Closing::rehearse);
          Added added =
              new Added(
                  transaction.steps() + 1, call.principal(), call.message(), change.now(), step);
          return new Rehearsed(transaction, added, answer);
        });
  }

  /// Does all steps in one change. What could not be done is `Fault.Conflict` that names the step;
  /// nothing is changed then, and the transaction stays. A repeat of the call answers as the first
  /// did.
  public Finished finish(Call call, CommitId id) {
    return versions
        .remembered(call, Finished.REPLY)
        .orElseGet(() -> retrying(() -> finish(call, inspect(id))));
  }

  private Finished finish(Call call, Whole whole) {
    Transaction transaction = whole.transaction();
    if (whole.steps().stream().anyMatch(added -> added.step() instanceof Step.FinishCommit)) {
      // Before records say that these commits are finished.
      boolean _ =
          Rehearsal.run(
              versions,
              call,
              transaction.id(),
              change -> {
                playback.all(change, transaction, whole.steps(), Closing::rehearse);
                return true;
              });
    }
    try (Closing closing = new Closing(versions)) {
      prepare(closing, whole);
      return versions.change(
          call,
          transaction.id(),
          Finished.REPLY,
          change -> {
            expect(change, transaction);
            playback.all(
                change,
                transaction,
                whole.steps(),
                (within, commit) -> closing.finish(within, commit).orElseThrow(Moved::new));
            // The commits downstream are made in the name of who finishes.
            change.by(new Call(call.principal(), transaction.message()));
            TransactionTable.remove(change.rows(), transaction.id());
            return new Finished(transaction.id(), transaction.steps(), change.now());
          });
    }
  }

  private static void prepare(Closing closing, Whole whole) {
    for (Added added : whole.steps()) {
      if (added.step() instanceof Step.FinishCommit step) {
        Call call = Playback.call(whole.transaction(), added.author(), added.message());
        closing.fold(step.commit(), call.message());
      } else if (added.step() instanceof Step.SubmitPipelines step) {
        step.submission().files().forEach(closing::keep);
      }
    }
    closing.publish();
  }

  /// Drops one; nothing of it happens.
  public void delete(Call call, CommitId id) {
    if (versions.remembered(call, Reply.DONE).isPresent()) {
      return;
    }
    boolean _ =
        retrying(() -> {
          Transaction transaction = inspect(id).transaction();
          return versions.change(
              call,
              Reply.DONE,
              change -> {
                expect(change, transaction);
                TransactionTable.remove(change.rows(), id);
                return true;
              });
        });
  }

  /// Drops those whose last step is more than [#KEPT] ago, and returns how many.
  public int forgetOld() {
    Instant limit = versions.clock().instant().minus(KEPT);
    List<Transaction> old = list().stream().filter(one -> one.changed().isBefore(limit)).toList();
    for (Transaction transaction : old) {
      boolean _ =
          versions
              .metadata()
              .write(rows -> {
                // One that has changed since is young again.
                boolean same =
                    TransactionTable.find(rows, transaction.id())
                        .filter(transaction::equals)
                        .isPresent();
                if (same) {
                  TransactionTable.remove(rows, transaction.id());
                }
                return same;
              });
    }
    return old.size();
  }

  /// The files that steps will make commits of: nothing else keeps them.
  public List<Fileset> held() {
    List<Fileset> held = new ArrayList<>();
    for (Transaction transaction : list()) {
      for (Added added :
          versions.metadata().read(rows -> TransactionTable.steps(rows, transaction.id()))) {
        if (added.step() instanceof Step.SubmitPipelines step) {
          held.addAll(step.submission().files());
        }
      }
    }
    return held;
  }

  private static void expect(Change change, Transaction transaction) {
    if (!TransactionTable.find(change.rows(), transaction.id()).equals(Optional.of(transaction))) {
      throw new Moved();
    }
  }

  /// Repeats work that what it stands on moved under.
  private static <T> T retrying(Supplier<T> work) {
    for (int tries = 0; tries < MAX_TRIES; tries++) {
      try {
        return work.get();
      } catch (Moved _) {
        // Once more, from what is there now.
      }
    }
    throw new Fault.Conflict(
            "Others changed the transaction, or what it finishes, %d times while this was done."
                .formatted(MAX_TRIES),
            Optional.of("Repeat the command."))
        .asException();
  }

  private static final class Moved extends RuntimeException {
    Moved() {
      super("the transaction moved", null, false, false);
    }
  }
}
