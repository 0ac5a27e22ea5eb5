package dev.dassie.executor.datum;

import dev.dassie.content.Digest;
import dev.dassie.job.Task;
import dev.dassie.job.Written;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Where the datums run that run now, for who wants to see what they write. Thread-safe.
public final class Running {
  private final Map<Digest, Slot> slots = new ConcurrentHashMap<>();

  /// What a datum has written so far; nothing where it does not run or has secrets.
  public Optional<Written> written(Digest key) throws InterruptedException {
    Slot slot = slots.get(key);
    return slot == null ? Optional.empty() : slot.written();
  }

  /// Runs a command for a datum. One with secrets is not shown: their values are taken out of whole
  /// logs, and half of a value would go through.
  Outcome run(Task task, Digest key, Slot slot, Command command)
      throws InterruptedException, SlotLostException {
    if (!task.secrets().values().isEmpty()) {
      return slot.run(command);
    }
    Slot _ = slots.put(key, slot);
    try {
      return slot.run(command);
    } finally {
      boolean _ = slots.remove(key, slot);
    }
  }
}
