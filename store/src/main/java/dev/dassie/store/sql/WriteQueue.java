package dev.dassie.store.sql;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/// One thread writes: it takes the changes that wait, runs each in a savepoint, and commits them
/// together, so that many writers share one transaction. Thread-safe.
final class WriteQueue implements AutoCloseable {
  /// Changes that share one commit at most.
  private static final int GROUP = 256;

  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /// The database, as the writer's thread uses it; called from that thread alone.
  interface Database {
    /// Begins a transaction before which every other writer's was committed and beside which no
    /// other runs. May try again, as nothing has been done yet.
    SqlRows begin() throws SQLException;

    /// Makes the transaction durable. Throws only where it is certain that nothing was changed, or
    /// says in the fault that it is not.
    void commit(boolean events) throws SQLException;

    void rollBack();
  }

  private final Database database;
  private final Feed feed;
  private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(4 * GROUP);
  private final Thread thread;
  private volatile boolean closed;
  private final TableChanges changes = new TableChanges();

  WriteQueue(Database database, Feed feed) {
    this.database = database;
    this.feed = feed;
    thread = Thread.ofPlatform().name("metadata-writer").daemon(true).start(this::writeAll);
  }

  <T> T write(Function<Metadata.Writer, T> change) {
    Pending<T> pending = new Pending<>(change, new CompletableFuture<>());
    try {
      if (closed || !queue.offer(pending, PATIENCE.toSeconds(), TimeUnit.SECONDS)) {
        throw new Fault.Unavailable("The database", closed ? "it is closed" : "it is overloaded")
            .asException();
      }
      if (closed && queue.remove(pending)) {
        throw new Fault.Unavailable("The database", "it is closed").asException();
      }
      return pending.answer().get();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new Fault.Unavailable("The database", "the caller was interrupted").asException();
    } catch (ExecutionException e) {
      throw rethrown(e);
    }
  }

  private static RuntimeException rethrown(ExecutionException e) {
    Throwable cause = e.getCause();
    if (cause instanceof Error error) {
      throw error;
    }
    if (cause instanceof RuntimeException refusal) {
      // Thrown on the writer's thread: the caller's own frames help to find who asked.
      refusal.addSuppressed(new IllegalStateException("asked for here"));
      return refusal;
    }
    return new IllegalStateException(cause);
  }

  /// What this queue wrote.
  Metadata.Changes changes() {
    return changes;
  }

  private void writeAll() {
    List<Pending<?>> group = new ArrayList<>(GROUP);
    try {
      while (!closed || !queue.isEmpty()) {
        Pending<?> first = queue.poll(1, TimeUnit.SECONDS);
        if (first != null) {
          group.add(first);
          queue.drainTo(group, GROUP - 1);
          commit(group);
          group.clear();
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void commit(List<Pending<?>> group) {
    List<Runnable> answers = new ArrayList<>(group.size());
    try {
      SqlRows rows = database.begin();
      if (group.size() == 1) {
        answers.add(alone(rows, group.getFirst()));
      } else {
        for (Pending<?> pending : group) {
          answers.add(run(rows, pending));
        }
      }
      long newest = rows.position();
      changes.begin(rows.touched());
      try {
        database.commit(newest > feed.position());
      } finally {
        changes.end();
      }
      feed.publish(newest);
    } catch (RuntimeException | Error | SQLException e) {
      database.rollBack();
      Throwable fault = e instanceof SQLException sql ? SqlFaults.translate(sql) : e;
      group.forEach(pending -> pending.answer().completeExceptionally(fault));
      return;
    }
    answers.forEach(Runnable::run);
  }

  /// Runs the one change of a transaction; where it throws, the transaction is undone.
  private static <T> Runnable alone(SqlRows rows, Pending<T> pending) {
    T answer = pending.change().apply(rows);
    return () -> pending.answer().complete(answer);
  }

  /// Runs one change in a savepoint; what it returns tells the caller, to be run after the commit.
  private static <T> Runnable run(SqlRows rows, Pending<T> pending) throws SQLException {
    rows.execute("SAVEPOINT change");
    try {
      T answer = pending.change().apply(rows);
      rows.execute("RELEASE change");
      return () -> pending.answer().complete(answer);
    } catch (RuntimeException | Error e) {
      undo(rows, e);
      return () -> pending.answer().completeExceptionally(e);
    }
  }

  /// A database that met a full disk may have undone the whole transaction, and then knows nothing
  /// of the savepoint: what all who shared it are told is the first trouble.
  private static void undo(SqlRows rows, Throwable trouble) throws SQLException {
    try {
      rows.execute("ROLLBACK TO change");
      rows.execute("RELEASE change");
      rows.forgetPosition();
    } catch (SQLException e) {
      if (trouble instanceof DassieException first) {
        first.addSuppressed(e);
        throw first;
      }
      throw e;
    }
  }

  /// Ends after the changes that wait already.
  @Override
  public void close() {
    closed = true;
    // Wakes the writer's thread, which then sees that it is to end.
    queue.offer(new Pending<>(Metadata.Writer::toString, new CompletableFuture<>()));
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private record Pending<T>(Function<Metadata.Writer, T> change, CompletableFuture<T> answer) {}
}
