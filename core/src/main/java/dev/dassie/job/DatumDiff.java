package dev.dassie.job;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.pipeline.Arm;
import dev.dassie.pipeline.Datum;
import dev.dassie.pipeline.Input;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;

/// The steps from the datums of older inputs to those of newer ones for one cross of files inputs,
/// at the cost of the difference (design D8). Not thread-safe.
final class DatumDiff {
  /// Matches of an input that are kept in memory, else they are listed again.
  private static final int KEPT = 10_000;

  /// One files input at two times.
  record Side(Arm arm, CommitId commit, Fileset old, Fileset now) {
    Datum.Part part(Entry match) {
      return arm.part(commit, match);
    }

    Input.Files files() {
      return arm.files();
    }
  }

  private final Filesets filesets;
  private final List<Side> arms;
  private final List<List<ArmDiff.Touched>> touched = new ArrayList<>();
  private final List<Optional<List<Entry>>> kept = new ArrayList<>();
  private final Consumer<DatumStep> to;

  /// @param arms sorted by input name
  DatumDiff(Filesets filesets, List<Side> arms, Consumer<DatumStep> to) {
    this.filesets = filesets;
    this.arms = List.copyOf(arms);
    this.to = to;
    for (Side arm : arms) {
      touched.add(ArmDiff.of(filesets, arm.arm().glob(), arm.old(), arm.now()));
      kept.add(Optional.empty());
    }
  }

  /// Hands out the steps in order.
  void run() {
    steps(0, name(0), List.of());
  }

  /// Steps of the inputs from `at` on, behind unchanged matches of those before.
  private void steps(int at, byte[] prefix, List<Datum.Part> chosen) {
    Iterator<ArmDiff.Touched> changes = touched.get(at).iterator();
    if (!laterTouched(at)) {
      changes.forEachRemaining(change -> pass(at, prefix, chosen, change));
      return;
    }
    Iterator<Entry> matches = matches(at);
    Optional<ArmDiff.Touched> change = next(changes);
    while (matches.hasNext()) {
      Entry match = matches.next();
      byte[] order = path(match.path(), match instanceof Entry.Directory);
      boolean same = false;
      while (change.isPresent() && Arrays.compareUnsigned(path(change.get()), order) <= 0) {
        same = Arrays.equals(path(change.get()), order);
        pass(at, prefix, chosen, change.get());
        change = next(changes);
      }
      if (!same) {
        steps(at + 1, behind(at, prefix, order), with(chosen, arms.get(at).part(match)));
      }
    }
    change.ifPresent(left -> pass(at, prefix, chosen, left));
    changes.forEachRemaining(left -> pass(at, prefix, chosen, left));
  }

  private void pass(int at, byte[] prefix, List<Datum.Part> chosen, ArmDiff.Touched change) {
    byte[] order = behind(at, prefix, path(change));
    boolean last = at == arms.size() - 1;
    if (!last) {
      to.accept(new DatumStep.GoneAll(order));
    }
    if (change.now().isPresent()) {
      all(at + 1, with(chosen, arms.get(at).part(change.now().get())));
    } else if (last) {
      to.accept(new DatumStep.Gone(order));
    }
  }

  private void all(int at, List<Datum.Part> chosen) {
    if (at == arms.size()) {
      Datum datum = new Datum(chosen);
      to.accept(new DatumStep.Put(datum.orderKey(), datum));
      return;
    }
    Iterator<Entry> matches = matches(at);
    while (matches.hasNext()) {
      all(at + 1, with(chosen, arms.get(at).part(matches.next())));
    }
  }

  private boolean laterTouched(int at) {
    return touched.subList(at + 1, arms.size()).stream().anyMatch(list -> !list.isEmpty());
  }

  private Iterator<Entry> matches(int at) {
    if (kept.get(at).isPresent()) {
      return kept.get(at).get().iterator();
    }
    Iterator<Entry> matches = list(arms.get(at));
    List<Entry> first = new ArrayList<>();
    while (matches.hasNext() && first.size() < KEPT) {
      first.add(matches.next());
    }
    if (matches.hasNext()) {
      return list(arms.get(at));
    }
    kept.set(at, Optional.of(first));
    return first.iterator();
  }

  private Iterator<Entry> list(Side side) {
    return side.arm().matches(filesets, side.now());
  }

  /// An order key up to and with the match at `at` and the name that follows it.
  private byte[] behind(int at, byte[] prefix, byte[] path) {
    byte[] joined = DatumStep.join(prefix, path);
    return DatumStep.join(joined, at + 1 < arms.size() ? name(at + 1) : branches());
  }

  /// What ends every order key of these inputs.
  private byte[] branches() {
    StringBuilder text = new StringBuilder("\0");
    for (Side arm : arms) {
      text.append(arm.files().place()).append('\0');
    }
    return text.toString().getBytes(StandardCharsets.UTF_8);
  }

  private byte[] name(int at) {
    return (arms.get(at).files().name() + "\0").getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] path(ArmDiff.Touched change) {
    return path(change.path(), change.directory());
  }

  private static byte[] path(FilePath path, boolean directory) {
    return (path.value() + (directory ? "/\0" : "\0")).getBytes(StandardCharsets.UTF_8);
  }

  private static List<Datum.Part> with(List<Datum.Part> chosen, Datum.Part part) {
    List<Datum.Part> more = new ArrayList<>(chosen);
    more.add(part);
    return more;
  }

  private static <T> Optional<T> next(Iterator<T> iterator) {
    return iterator.hasNext() ? Optional.of(iterator.next()) : Optional.empty();
  }
}
