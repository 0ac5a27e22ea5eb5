package dev.dassie.job.standing;

import dev.dassie.metadata.Metadata;
import dev.dassie.version.RepoName;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Stores what one process writes, a few times a second, on a thread of its own. What comes faster
/// than it can be stored is cut, and the cut is marked. Thread-safe.
final class ProcessLog implements AutoCloseable {
  private static final System.Logger LOG = System.getLogger("dassie.job");
  private static final int MAX_PENDING = 1 << 20;
  private static final long TOGETHER_MILLIS = 200;
  private static final Duration CLOSING = Duration.ofSeconds(5);

  private final Metadata metadata;
  private final RepoName output;
  private final InstantSource clock;
  private final Instant started;
  private final Thread writer;
  private byte[] pending = new byte[4096];
  private int length;
  private long cut;
  private boolean closing;

  ProcessLog(Metadata metadata, RepoName output, InstantSource clock) {
    this.metadata = metadata;
    this.output = output;
    this.clock = clock;
    this.started = clock.instant();
    this.writer = Thread.ofVirtual().name("process-log").start(this::work);
  }

  synchronized void wrote(byte[] bytes, int count) {
    int taken = Math.min(count, MAX_PENDING - length);
    cut += count - taken;
    if (length + taken > pending.length) {
      pending = Arrays.copyOf(pending, Math.max(length + taken, pending.length * 2));
    }
    System.arraycopy(bytes, 0, pending, length, taken);
    length += taken;
    notifyAll();
  }

  /// A line of Dassie's own.
  synchronized void say(String sentence) {
    if (length > 0 && pending[length - 1] != '\n') {
      wrote(new byte[] {'\n'}, 1);
    }
    byte[] line = ("[dassie: " + sentence + "]\n").getBytes(StandardCharsets.UTF_8);
    wrote(line, line.length);
  }

  /// Stores what is left.
  @Override
  public void close() {
    synchronized (this) {
      closing = true;
      notifyAll();
    }
    boolean interrupted = Thread.interrupted();
    try {
      boolean _ = writer.join(CLOSING);
    } catch (InterruptedException e) {
      interrupted = true;
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  private void work() {
    try {
      while (true) {
        List<byte[]> rows = take();
        if (rows.isEmpty()) {
          return;
        }
        store(rows);
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void store(List<byte[]> rows) {
    Instant now = clock.instant();
    try {
      boolean _ =
          metadata.write(writer -> {
            long position = LogTable.next(writer, output);
            for (byte[] row : rows) {
              LogTable.put(writer, output, position++, started, now, row);
            }
            return true;
          });
    } catch (RuntimeException e) {
      LOG.log(System.Logger.Level.WARNING, "Output of " + output + " is not stored", e);
    }
  }

  /// Whole lines, cut into rows; a line that is not whole waits for its end. Nothing at the end.
  private synchronized List<byte[]> take() throws InterruptedException {
    while (!closing && lines() == 0) {
      wait();
    }
    long deadline = System.nanoTime() + TOGETHER_MILLIS * 1_000_000;
    for (long left = TOGETHER_MILLIS; !closing && left > 0; ) {
      wait(left);
      left = (deadline - System.nanoTime()) / 1_000_000;
    }
    int end = closing ? length : lines();
    byte[] text = Arrays.copyOf(pending, end);
    System.arraycopy(pending, end, pending, 0, length - end);
    length -= end;
    List<byte[]> rows = rows(text);
    if (cut > 0) {
      String mark = "[dassie: %d bytes of output are cut here]\n".formatted(cut);
      rows.add(mark.getBytes(StandardCharsets.UTF_8));
      cut = 0;
    }
    return rows;
  }

  /// Up to where there are whole lines; all where a line is longer than a row.
  private int lines() {
    for (int i = length; i > 0; i--) {
      if (pending[i - 1] == '\n') {
        return i;
      }
    }
    return length >= LogTable.ROW_BYTES ? length : 0;
  }

  private static List<byte[]> rows(byte[] text) {
    List<byte[]> rows = new ArrayList<>();
    int from = 0;
    while (from < text.length) {
      int to = Math.min(text.length, from + LogTable.ROW_BYTES);
      int end = to;
      while (to < text.length && end > from && text[end - 1] != '\n') {
        end--;
      }
      end = end == from ? to : end;
      rows.add(Arrays.copyOfRange(text, from, end));
      from = end;
    }
    return rows;
  }
}
