package dev.dassie.store.sql;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// [Metadata] in one SQLite file (WAL, synchronous FULL). One thread writes: it takes the changes
/// that wait, runs each in a savepoint, and commits them together, so that many writers share one
/// fsync. Reads use connections of their own and see the last commit. Thread-safe.
public final class SqliteMetadata implements Metadata {
  /// Changes that share one commit at most.
  private static final int GROUP = 256;

  private static final int READERS = 4;
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  private final String url;
  private final SqlRows writer;
  private final BlockingQueue<Pending<?>> queue = new ArrayBlockingQueue<>(4 * GROUP);
  private final BlockingQueue<SqlRows> readers = new ArrayBlockingQueue<>(READERS);
  private final Semaphore unopenedReaders = new Semaphore(READERS);
  private final Thread thread;
  private final ReentrantLock lock = new ReentrantLock();
  private final Condition moved = lock.newCondition();
  private volatile long position;
  private volatile boolean closed;

  /// Opens or creates the file, and upgrades its schema. A newer schema is refused.
  public SqliteMetadata(Path file) {
    url = "jdbc:sqlite:" + file;
    try {
      Connection connection = connect();
      Schema.upgrade(connection, file.toString());
      writer = new SqlRows(connection);
      position = writer.position();
    } catch (SQLException e) {
      throw SqlFaults.translate(e);
    }
    thread = Thread.ofPlatform().name("metadata-writer").daemon(true).start(this::writeAll);
  }

  private Connection connect() throws SQLException {
    Connection connection = DriverManager.getConnection(url);
    try (Statement statement = connection.createStatement()) {
      statement.execute("PRAGMA journal_mode = WAL");
      statement.execute("PRAGMA synchronous = FULL");
      statement.execute("PRAGMA busy_timeout = 10000");
      statement.execute("PRAGMA journal_size_limit = 67108864");
    }
    return connection;
  }

  @Override
  public <T> T write(Function<Writer, T> change) {
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
      execute("BEGIN IMMEDIATE");
      for (Pending<?> pending : group) {
        answers.add(run(pending));
      }
      execute("COMMIT");
      publish(writer.position());
    } catch (RuntimeException | SQLException e) {
      rollBack();
      RuntimeException fault =
          e instanceof SQLException sql ? SqlFaults.translate(sql) : (RuntimeException) e;
      group.forEach(pending -> pending.answer().completeExceptionally(fault));
      return;
    }
    answers.forEach(Runnable::run);
  }

  /// Runs one change in a savepoint; what it returns tells the caller, to be run after the commit.
  private <T> Runnable run(Pending<T> pending) throws SQLException {
    execute("SAVEPOINT change");
    try {
      T answer = pending.change().apply(writer);
      execute("RELEASE change");
      return () -> pending.answer().complete(answer);
    } catch (RuntimeException | Error e) {
      execute("ROLLBACK TO change");
      execute("RELEASE change");
      return () -> pending.answer().completeExceptionally(e);
    }
  }

  private void execute(String sql) throws SQLException {
    try (Statement statement = writer.connection().createStatement()) {
      statement.execute(sql);
    }
  }

  private void rollBack() {
    try {
      execute("ROLLBACK");
    } catch (SQLException e) {
      System.getLogger("dassie.metadata")
          .log(
              System.Logger.Level.WARNING, "rolling back after a failed commit: " + e.getMessage());
    }
  }

  private void publish(long newest) {
    if (newest == position) {
      return;
    }
    lock.lock();
    try {
      position = newest;
      moved.signalAll();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public <T> T read(Function<Reader, T> question) {
    return reading(rows -> {
      try (Statement statement = rows.connection().createStatement()) {
        statement.execute("BEGIN");
        try {
          return question.apply(rows);
        } finally {
          statement.execute("COMMIT");
        }
      } catch (SQLException e) {
        throw SqlFaults.translate(e);
      }
    });
  }

  private <T> T reading(Function<SqlRows, T> question) {
    SqlRows rows = borrow();
    try {
      return question.apply(rows);
    } finally {
      if (closed || !readers.offer(rows)) {
        rows.close();
      }
    }
  }

  private SqlRows borrow() {
    @Nullable SqlRows idle = readers.poll();
    if (idle != null) {
      return idle;
    }
    try {
      if (!closed && unopenedReaders.tryAcquire()) {
        return new SqlRows(connect());
      }
      idle = closed ? null : readers.poll(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    } catch (SQLException e) {
      unopenedReaders.release();
      throw SqlFaults.translate(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    if (idle == null) {
      throw new Fault.Unavailable("The database", closed ? "it is closed" : "all readers are busy")
          .asException();
    }
    return idle;
  }

  @Override
  public long position() {
    return position;
  }

  @Override
  public long awaitAfter(long after, Duration timeout) throws InterruptedException {
    long left = timeout.toNanos();
    lock.lock();
    try {
      while (position <= after && left > 0 && !closed) {
        left = moved.awaitNanos(left);
      }
      return position;
    } finally {
      lock.unlock();
    }
  }

  @Override
  public List<Event> events(long after, int limit) {
    return reading(rows -> rows.events(after, limit));
  }

  /// Ends after the changes that wait already.
  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    // Wakes the writer's thread, which then sees that it is to end.
    queue.offer(new Pending<>(Writer::toString, new CompletableFuture<>()));
    lock.lock();
    try {
      moved.signalAll();
    } finally {
      lock.unlock();
    }
    try {
      thread.join(PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    for (@Nullable SqlRows idle = readers.poll(); idle != null; idle = readers.poll()) {
      idle.close();
    }
    writer.close();
  }

  private record Pending<T>(Function<Writer, T> change, CompletableFuture<T> answer) {}
}
