package dev.dassie.version;

import java.util.ArrayList;
import java.util.List;

/// Writers of one branch that waited for each other: one of them leads, and all of them share packs
/// and a transaction. So all of it happens or nothing.
final class GroupStep extends Step {
  private final List<PutStep> members;

  GroupStep(String name, List<PutStep> members) {
    super(name);
    this.members = List.copyOf(members);
  }

  @Override
  boolean expect(Picture picture) {
    boolean allowed = true;
    for (PutStep member : members) {
      allowed &= member.expect(picture);
    }
    return allowed;
  }

  @Override
  void run(Instance instance) {
    if (members.stream().allMatch(member -> member.isAnswered(instance))) {
      return;
    }
    try {
      List<Write> writes = new ArrayList<>();
      for (PutStep member : members) {
        writes.add(member.ready(instance));
      }
      if (writes.stream()
          .allMatch(write -> write == writes.getFirst() || writes.getFirst().joins(write))) {
        WriteGroup.run(instance.versions(), writes);
      } else {
        throw new AssertionError("a group of writes that do not join");
      }
      for (Write write : writes) {
        Commit _ = write.outcome();
      }
    } finally {
      members.forEach(PutStep::close);
    }
  }
}
