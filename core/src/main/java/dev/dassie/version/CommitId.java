package dev.dassie.version;

import dev.dassie.fault.Fault;

/// A random UUID (v4) as 32 hex digits. All commits that one change causes share it: it names the
/// commit set and the jobs too.
public record CommitId(String value) {
  public CommitId {
    if (!Names.isCommitId(value)) {
      throw new Fault.Invalid("The commit id", value, "32 hex digits").asException();
    }
  }

  @Override
  public String toString() {
    return value;
  }
}
