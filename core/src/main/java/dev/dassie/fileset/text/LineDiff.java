package dev.dassie.fileset.text;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/// Which lines a text lost and which it gained, as few as can be: E. W. Myers, "An O(ND) difference
/// algorithm and its variations", Algorithmica 1, 1986. Beyond [#MAX_EDITS] lines lost and gained,
/// all between the common beginning and the common end counts as replaced, so that time and memory
/// stay bounded.
record LineDiff(BitSet lost, BitSet gained) {
  static final int MAX_EDITS = 1_000;

  static LineDiff of(List<String> old, List<String> now) {
    int shortest = Math.min(old.size(), now.size());
    int head = 0;
    while (head < shortest && old.get(head).equals(now.get(head))) {
      head++;
    }
    int tail = 0;
    while (tail < shortest - head
        && old.get(old.size() - 1 - tail).equals(now.get(now.size() - 1 - tail))) {
      tail++;
    }
    Map<String, Integer> numbers = new HashMap<>();
    int[] before = numbered(old.subList(head, old.size() - tail), numbers);
    int[] after = numbered(now.subList(head, now.size() - tail), numbers);
    LineDiff found = new LineDiff(new BitSet(), new BitSet());
    List<int[]> trace = trace(before, after);
    if (trace.isEmpty()) {
      found.lost().set(head, head + before.length);
      found.gained().set(head, head + after.length);
    } else {
      found.follow(trace, head, before.length, after.length);
    }
    return found;
  }

  private static int[] numbered(List<String> lines, Map<String, Integer> numbers) {
    return lines.stream()
        .mapToInt(line -> numbers.computeIfAbsent(line, key -> numbers.size()))
        .toArray();
  }

  /// For each number of edits how far down each diagonal comes, `[diagonal + edits]`; empty where
  /// there are too many.
  private static List<int[]> trace(int[] old, int[] now) {
    List<int[]> trace = new ArrayList<>();
    int[] last = {0};
    int most = Math.min(MAX_EDITS, old.length + now.length);
    for (int edits = 0; edits <= most; edits++) {
      int[] reach = new int[2 * edits + 1];
      Arrays.fill(reach, -1);
      for (int diagonal = -edits; diagonal <= edits; diagonal += 2) {
        int x = edits == 0 ? 0 : start(last, edits - 1, diagonal);
        while (x < old.length && x - diagonal < now.length && old[x] == now[x - diagonal]) {
          x++;
        }
        reach[diagonal + edits] = x;
        if (diagonal == old.length - now.length && x >= old.length) {
          trace.add(reach);
          return trace;
        }
      }
      trace.add(reach);
      last = reach;
    }
    return List.of();
  }

  /// Where a diagonal begins after one more edit: a line gained (from the diagonal above) or lost.
  private static int start(int[] last, int edits, int diagonal) {
    int gained = at(last, edits, diagonal + 1);
    int lost = at(last, edits, diagonal - 1);
    return lost >= gained ? lost + 1 : gained;
  }

  private static int at(int[] reach, int edits, int diagonal) {
    return Math.abs(diagonal) > edits ? -2 : reach[diagonal + edits];
  }

  /// Goes back from the end, one edit at a time.
  private void follow(List<int[]> trace, int offset, int oldLength, int nowLength) {
    int diagonal = oldLength - nowLength;
    for (int edits = trace.size() - 1; edits > 0; edits--) {
      int[] last = trace.get(edits - 1);
      int above = at(last, edits - 1, diagonal + 1);
      int below = at(last, edits - 1, diagonal - 1);
      if (below >= above) {
        lost.set(offset + below);
        diagonal--;
      } else {
        gained.set(offset + above - diagonal - 1);
        diagonal++;
      }
    }
  }
}
