package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;

/// A change of the free key → value texts of a project, repo, branch or commit. Keys that are both
/// set and deleted end up set.
public record MetadataEdit(Map<String, String> set, Set<String> delete) {
  /// Limits of one subject: keys, and bytes of all keys and values in UTF-16 units.
  private static final int MAX_KEYS = 1_000;

  private static final int MAX_CHARS = 256 * 1024;

  public MetadataEdit {
    set = Map.copyOf(set);
    delete = Set.copyOf(delete);
  }

  /// The texts after the change; too many or too long ones are refused.
  Map<String, String> apply(Map<String, String> before) {
    Map<String, String> after = new TreeMap<>(before);
    after.keySet().removeAll(delete);
    after.putAll(set);
    if (set.containsKey("")) {
      throw new Fault.Invalid("A metadata key", "", "a key that is not empty").asException();
    }
    long chars =
        after.entrySet().stream().mapToLong(e -> e.getKey().length() + e.getValue().length()).sum();
    if (after.size() > MAX_KEYS || chars > MAX_CHARS) {
      throw new Fault.Invalid(
              "The metadata",
              "%d keys, %d characters".formatted(after.size(), chars),
              "at most %d keys and %d characters".formatted(MAX_KEYS, MAX_CHARS))
          .asException();
    }
    return Map.copyOf(after);
  }
}
