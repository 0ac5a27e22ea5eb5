package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;

/// One match of a glob against a path. Tries what is preferred first and never the same instruction
/// at the same place twice, so that the work is bounded by the lengths of glob and path multiplied;
/// `!(…)` multiplies by the length of the part, and stops at a limit of steps. Used once.
final class GlobMatch {
  private static final int MAX_STEPS = 4_000_000;

  /// An instruction to try at a position, or, where `slot` is not negative, a slot to reset.
  private record Task(int instruction, int position, int slot) {}

  private record Place(int instruction, int position) {}

  private final String glob;
  private final GlobProgram program;
  private final int[] text;
  private final int[] slots;
  private final Map<Place, BitSet> forbidden = new HashMap<>();
  private int steps;

  GlobMatch(String glob, GlobProgram program, int[] text) {
    this.glob = glob;
    this.program = program;
    this.text = text;
    this.slots = new int[2 * program.captures()];
    Arrays.fill(slots, -1);
  }

  /// Whether all of the text matches.
  boolean whole() {
    return run(0, 0, false, new BitSet());
  }

  /// Whether some text that begins with this one can match.
  boolean beginning() {
    return run(0, 0, true, new BitSet());
  }

  /// What the capture matched; empty where it took no part.
  String capture(int index) {
    int from = slots[2 * index];
    int to = slots[2 * index + 1];
    return from < 0 || to < from ? "" : new String(text, from, to - from);
  }

  /// Where `start` stands in what a [GlobProgram.Not] forbids, `ends` gets every position that it
  /// matches up to, and the answer is false.
  private boolean run(int start, int from, boolean anyEnd, BitSet ends) {
    BitSet tried = new BitSet();
    Deque<Task> tasks = new ArrayDeque<>();
    tasks.push(new Task(start, from, -1));
    while (!tasks.isEmpty()) {
      Task task = tasks.pop();
      if (task.slot() >= 0) {
        slots[task.slot()] = task.position();
      } else if (follow(task, start, anyEnd, ends, tried, tasks)) {
        return true;
      }
    }
    return false;
  }

  private boolean follow(
      Task task, int start, boolean anyEnd, BitSet ends, BitSet tried, Deque<Task> tasks) {
    int pc = task.instruction();
    int position = task.position();
    while (true) {
      int place = pc * (text.length + 1) + position;
      if (tried.get(place)) {
        return false;
      }
      tried.set(place);
      if (++steps > MAX_STEPS) {
        throw new Fault.Invalid("The glob", glob, "one that takes fewer steps to match")
            .asException();
      }
      if (anyEnd && position == text.length) {
        return true;
      }
      switch (program.at(pc)) {
        case GlobProgram.Jump jump -> pc = jump.to();
        case GlobProgram.Split split -> {
          tasks.push(new Task(split.second(), position, -1));
          pc = split.first();
        }
        case GlobProgram.Save save -> {
          tasks.push(new Task(-1, slots[save.slot()], save.slot()));
          slots[save.slot()] = position;
          pc++;
        }
        case GlobProgram.Not not -> {
          pushAllowed(pc, not, position, tasks);
          return false;
        }
        case GlobProgram.End end -> {
          ends.set(position);
          return start == 0 && position == text.length;
        }
        default -> {
          if (position == text.length || !accepts(program.at(pc), text[position])) {
            return false;
          }
          pc++;
          position++;
        }
      }
    }
  }

  /// Whether an instruction that takes one code point takes this one.
  private static boolean accepts(GlobProgram.Instruction instruction, int codePoint) {
    return switch (instruction) {
      case GlobProgram.Literal literal -> literal.codePoint() == codePoint;
      case GlobProgram.AnyInPart any -> codePoint != '/';
      case GlobProgram.Any any -> true;
      case GlobProgram.OneOf set -> set.accepts(codePoint);
      case GlobProgram.Split _,
          GlobProgram.Jump _,
          GlobProgram.Save _,
          GlobProgram.Not _,
          GlobProgram.End _ ->
          false;
    };
  }

  /// Goes on behind a [GlobProgram.Not] at every end that it leaves, the longest first.
  private void pushAllowed(int pc, GlobProgram.Not not, int position, Deque<Task> tasks) {
    BitSet ends = forbidden.get(new Place(pc, position));
    if (ends == null) {
      ends = new BitSet();
      run(pc + 1, position, false, ends);
      forbidden.put(new Place(pc, position), ends);
    }
    for (int end = position; end <= text.length; end++) {
      if (!ends.get(end)) {
        tasks.push(new Task(not.end() + 1, end, -1));
      }
      if (end < text.length && text[end] == '/') {
        return;
      }
    }
  }
}
