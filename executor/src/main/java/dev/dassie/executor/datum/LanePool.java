package dev.dassie.executor.datum;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Iterator;
import java.util.Optional;

/// Keeps idle lanes for the next task. Thread-safe.
public final class LanePool implements AutoCloseable {
  private final Path folder;
  private final int most;
  private final Deque<Lane> idle = new ArrayDeque<>();
  private long made;
  private boolean closed;

  /// @param folder where each lane gets a folder of its own
  /// @param most idle lanes that are kept
  public LanePool(Path folder, int most) {
    this.folder = folder;
    this.most = most;
  }

  /// Makes a lane of a kind in an empty folder.
  public interface Maker<K extends Lane.Kind> {
    Lane make(K kind, Path place) throws IOException, InterruptedException, SlotLostException;
  }

  /// The lanes of one kind.
  public <K extends Lane.Kind> LaneSource source(K kind, Maker<K> maker) {
    return new LaneSource() {
      @Override
      public Lane take() throws InterruptedException, SlotLostException {
        return LanePool.this.take(kind, maker);
      }

      @Override
      public void keep(Lane lane) {
        LanePool.this.keep(lane);
      }

      @Override
      public void discard(Lane lane) {
        LanePool.this.discard(lane);
      }
    };
  }

  /// An idle lane of the kind, or a new one. The caller gives it back to [#keep] or [#discard].
  public <K extends Lane.Kind> Lane take(K kind, Maker<K> maker)
      throws InterruptedException, SlotLostException {
    synchronized (this) {
      for (Iterator<Lane> lanes = idle.iterator(); lanes.hasNext(); ) {
        Lane lane = lanes.next();
        if (lane.kind().equals(kind)) {
          lanes.remove();
          return lane;
        }
      }
    }
    try {
      return maker.make(kind, place());
    } catch (IOException e) {
      throw new DassieException(
          new Fault.Unavailable("The run folder `" + folder + "`", String.valueOf(e.getMessage())),
          e);
    }
  }

  private synchronized Path place() throws IOException {
    return Files.createDirectory(folder.resolve(Long.toString(made++)));
  }

  /// Takes back a lane that may be used again; the longest idle one goes where there are too many.
  public void keep(Lane lane) {
    Optional<Lane> surplus = Optional.empty();
    synchronized (this) {
      if (closed || !lane.slot().usable() || !lane.kind().isShared()) {
        surplus = Optional.of(lane);
      } else {
        idle.addFirst(lane);
        if (idle.size() > most) {
          surplus = Optional.of(idle.removeLast());
        }
      }
    }
    surplus.ifPresent(this::discard);
  }

  /// Ends a lane and removes its folder.
  public void discard(Lane lane) {
    lane.slot().close();
    try {
      Wipe.tree(lane.folder());
    } catch (IOException e) {
      return; // the run folder is emptied at the next start
    }
  }

  /// Ends the idle lanes; those in use end when they come back.
  @Override
  public void close() {
    Deque<Lane> ending;
    synchronized (this) {
      closed = true;
      ending = new ArrayDeque<>(idle);
      idle.clear();
    }
    ending.forEach(this::discard);
  }
}
