package dev.dassie.version;

import java.time.Instant;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;

/// One transaction for several writes: either all of it happens or nothing. Used by one thread.
final class Joint {
  private final Versions versions;

  Joint(Versions versions) {
    this.versions = versions;
  }

  /// What a transaction does for one of several writes.
  interface Work {
    Commit run(Change change, int index);
  }

  /// Looks at what was before with `check`, then runs `work` for each of the writes, with a change
  /// of its own, in their order.
  List<Commit> run(List<Write> writes, Instant now, Consumer<Snapshot> check, Work work) {
    Set<BranchName> watched = new LinkedHashSet<>();
    List<Commit> made = written(writes, now, check, work, watched);
    versions.triggers().settle(watched);
    return made;
  }

  private List<Commit> written(
      List<Write> writes,
      Instant now,
      Consumer<Snapshot> check,
      Work work,
      Set<BranchName> watched) {
    return versions
        .metadata()
        .write(writer -> {
          check.accept(new Snapshot(writer));
          watched.clear();
          List<Commit> answers = new ArrayList<>(writes.size());
          for (int i = 0; i < writes.size(); i++) {
            Write write = writes.get(i);
            Change change = new Change(writer, write.call(), write.id(), now);
            Commit answer = work.run(change, i);
            write.terms().along().forEach(rows -> rows.accept(change));
            change.propagate();
            watched.addAll(change.watched());
            Answers.remember(writer, write.call(), now, Reply.COMMIT.write(answer));
            answers.add(answer);
          }
          return answers;
        });
  }
}
