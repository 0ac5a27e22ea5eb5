package dev.dassie.fileset;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/// A glob as instructions over code points; the text that it is matched against begins with a
/// slash. Grown by [GlobParser], then not changed.
final class GlobProgram {
  sealed interface Instruction {}

  /// One given code point.
  record Literal(int codePoint) implements Instruction {}

  /// Any code point but a slash.
  record AnyInPart() implements Instruction {}

  /// Any code point.
  record Any() implements Instruction {}

  /// One of a set of code points, or none of them; never a slash.
  record OneOf(BitSet codePoints, boolean negated) implements Instruction {
    boolean accepts(int codePoint) {
      return codePoint != '/' && codePoints.get(codePoint) != negated;
    }
  }

  /// Goes on at either place; what `first` leads to is preferred.
  record Split(int first, int second) implements Instruction {}

  record Jump(int to) implements Instruction {}

  /// Notes the position in a slot.
  record Save(int slot) implements Instruction {}

  /// Any text within a part that what stands between here and `end` does not match; goes on after
  /// `end`.
  record Not(int end) implements Instruction {}

  /// The end of the whole, or of what a [Not] forbids.
  record End() implements Instruction {}

  private final List<Instruction> instructions = new ArrayList<>();
  private int captures;

  int size() {
    return instructions.size();
  }

  Instruction at(int index) {
    return instructions.get(index);
  }

  /// The number of bare parentheses.
  int captures() {
    return captures;
  }

  int add(Instruction instruction) {
    instructions.add(instruction);
    return instructions.size() - 1;
  }

  void set(int index, Instruction instruction) {
    instructions.set(index, instruction);
  }

  int newCapture() {
    return captures++;
  }
}
