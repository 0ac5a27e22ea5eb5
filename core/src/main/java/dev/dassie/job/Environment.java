package dev.dassie.job;

import java.util.ArrayList;
import java.util.List;

/// What a transform runs on: stable facts that the datum key covers (design D4), such as `process
/// linux x86_64` and `/usr/bin/python3 <sha256>`, and the versions of secrets; and `exposed`, the
/// host folders beyond the system's own that the sandbox shows read-only.
public record Environment(List<String> facts, List<String> exposed) {
  public Environment {
    facts = List.copyOf(facts);
    exposed = List.copyOf(exposed);
  }

  /// The same with more facts.
  public Environment and(List<String> more) {
    List<String> all = new ArrayList<>(facts);
    all.addAll(more);
    return new Environment(all, exposed);
  }
}
