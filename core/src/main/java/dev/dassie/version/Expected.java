package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.Optional;

/// What a write must stand on: the newest finished commit of the branch, the open one that it goes
/// into, or no commit.
record Expected(Optional<CommitId> commit) {
  /// Refuses another target (`Fault.Conflict`).
  void check(BranchName branch, Targets.Target target) {
    Optional<CommitId> found =
        switch (target) {
          case Targets.Fresh fresh -> fresh.built();
          case Targets.Open open -> Optional.of(open.name().id());
        };
    if (!commit.equals(found)) {
      throw new Fault.Conflict(
              "The branch `%s` is at %s, expected %s.".formatted(branch, said(found), said(commit)),
              Optional.of("Something was written meanwhile; repeat the command."))
          .asException();
    }
  }

  private static String said(Optional<CommitId> commit) {
    return commit.map(id -> "`" + id + "`").orElse("no commit");
  }
}
