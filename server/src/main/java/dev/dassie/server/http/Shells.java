package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.job.Terminal;
import java.security.SecureRandom;
import java.util.HexFormat;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/// The shells that are open, each under an id that nobody can guess: who knows it may type. One
/// that nobody reads for half a minute ends. Thread-safe.
final class Shells implements AutoCloseable {
  static final int MOST = 16;
  private static final int UNREAD_SECONDS = 30;
  private static final int ID_BYTES = 16;

  /// A shell and what was taken of its input.
  static final class Open {
    private final Terminal terminal;
    private long taken;
    private boolean read;

    private Open(Terminal terminal) {
      this.terminal = terminal;
    }

    Terminal terminal() {
      return terminal;
    }

    /// Sends the part of the input that has not been sent: a repeat of a call whose reply was lost
    /// types nothing twice.
    ///
    /// @param offset how much input came before
    synchronized void write(long offset, byte[] input) {
      if (offset > taken) {
        throw new Fault.Conflict(
                "The input begins at `%d`, expected `%d`: a part is missing."
                    .formatted(offset, taken),
                Optional.empty())
            .asException();
      }
      int known = (int) Math.min(input.length, taken - offset);
      if (known < input.length) {
        byte[] more = java.util.Arrays.copyOfRange(input, known, input.length);
        taken += more.length;
        terminal.write(more);
      }
    }
  }

  private final SecureRandom random = new SecureRandom();
  private final Map<String, Open> open = new LinkedHashMap<>();
  private boolean closed;

  /// Keeps a shell and returns its id; closes it where there are too many.
  synchronized String add(Terminal terminal) {
    if (closed || open.size() >= MOST) {
      terminal.close();
      throw new Fault.Conflict(
              "%d shells are open already, the most that may at once.".formatted(MOST),
              Optional.of("Repeat the command when one of them has ended."))
          .asException();
    }
    byte[] bytes = new byte[ID_BYTES];
    random.nextBytes(bytes);
    String id = HexFormat.of().formatHex(bytes);
    open.put(id, new Open(terminal));
    CompletableFuture.delayedExecutor(UNREAD_SECONDS, TimeUnit.SECONDS)
        .execute(() -> endUnread(id));
    return id;
  }

  synchronized Open get(String id) {
    return Optional.ofNullable(open.get(id))
        .orElseThrow(() -> new Fault.NotFound("open shell", id, Optional.empty()).asException());
  }

  /// Begins to read one; only one may.
  synchronized Terminal read(String id) {
    Open found = get(id);
    if (found.read) {
      throw new Fault.Conflict("Somebody reads that shell already.", Optional.empty())
          .asException();
    }
    found.read = true;
    return found.terminal;
  }

  /// Ends a shell; nothing where it has ended.
  void end(String id) {
    Optional<Open> found;
    synchronized (this) {
      found = Optional.ofNullable(open.remove(id));
    }
    found.ifPresent(one -> one.terminal.close());
  }

  /// Ends one that nobody ever began to read.
  private void endUnread(String id) {
    boolean unread;
    synchronized (this) {
      unread = Optional.ofNullable(open.get(id)).filter(one -> !one.read).isPresent();
    }
    if (unread) {
      end(id);
    }
  }

  @Override
  public void close() {
    Map<String, Open> all;
    synchronized (this) {
      closed = true;
      all = Map.copyOf(open);
      open.clear();
    }
    all.values().forEach(one -> one.terminal.close());
  }
}
