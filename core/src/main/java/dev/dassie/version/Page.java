package dev.dassie.version;

import java.util.List;
import java.util.Optional;

/// Some items of a list, and the cursor that continues after them: absent at the end. A list that
/// filters may hand out fewer items than were asked for, even none, with a cursor.
public record Page<T>(List<T> items, Optional<String> next) {
  public Page {
    items = List.copyOf(items);
  }
}
