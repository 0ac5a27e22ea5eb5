package dev.dassie.executor.datum;

/// Where the lanes of one kind come from. Thread-safe.
public interface LaneSource {
  /// An idle lane, or a new one. The caller gives it back to [#keep] or [#discard].
  Lane take() throws InterruptedException, SlotLostException;

  /// Takes back a lane that may be used again.
  void keep(Lane lane);

  /// Ends a lane and removes its folder.
  void discard(Lane lane);
}
