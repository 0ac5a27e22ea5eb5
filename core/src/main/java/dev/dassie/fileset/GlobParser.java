package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Optional;

/// Reads the text of a glob into a [GlobProgram]. Used once.
final class GlobParser {
  private static final int MAX_LENGTH = 8192;
  private static final int MAX_DEPTH = 64;
  private static final String SPECIAL = "*?[{(";
  private static final String EXTENDED = "@+*?!";

  private final String glob;
  private final int[] text;
  private final GlobProgram program = new GlobProgram();
  private final StringBuilder prefix = new StringBuilder();
  private boolean literal = true;
  private int at;

  /// `body` is the glob without slashes at its ends; `glob` the whole of it, for messages.
  GlobParser(String glob, String body) {
    this.glob = glob;
    this.text = body.codePoints().toArray();
    if (glob.length() > MAX_LENGTH) {
      throw new Fault.Invalid(
              "The length of the glob", Integer.toString(glob.length()), "at most " + MAX_LENGTH)
          .asException();
    }
  }

  GlobProgram parse() {
    program.add(new GlobProgram.Literal('/'));
    sequence("", 0);
    program.add(new GlobProgram.End());
    return program;
  }

  /// The literal text at the beginning.
  String literalPrefix() {
    return prefix.toString();
  }

  /// Whether all of the glob is literal.
  boolean isLiteral() {
    return literal;
  }

  /// Reads up to one of the code points `ends`, or the end of the glob.
  private void sequence(String ends, int depth) {
    if (depth > MAX_DEPTH) {
      throw invalid(at, "a glob that nests at most " + MAX_DEPTH + " deep");
    }
    while (at < text.length && ends.indexOf(text[at]) < 0) {
      int c = text[at];
      if (EXTENDED.indexOf(c) >= 0 && at + 1 < text.length && text[at + 1] == '(') {
        literal = false;
        extended(c, depth);
      } else if (SPECIAL.indexOf(c) >= 0) {
        literal = false;
        special(c, depth);
      } else if (c == ')') {
        throw invalid(at, "a `(` before this `)`");
      } else {
        character(c);
      }
    }
  }

  private void character(int c) {
    int start = at;
    int value = c == '\\' ? escaped() : c;
    at++;
    if (value == '/' && start > 0 && text[start - 1] == '/' && c == '/') {
      throw invalid(start, "no empty part");
    }
    program.add(new GlobProgram.Literal(value));
    if (literal) {
      prefix.appendCodePoint(value);
    }
  }

  private int escaped() {
    at++;
    if (at == text.length) {
      throw invalid(at - 1, "a character after the `\\`");
    }
    return text[at];
  }

  private void special(int c, int depth) {
    switch (c) {
      case '*' -> stars();
      case '?' -> {
        program.add(new GlobProgram.AnyInPart());
        at++;
      }
      case '[' -> set();
      case '{' -> group(',', '}', depth);
      default -> {
        int capture = program.newCapture();
        program.add(new GlobProgram.Save(2 * capture));
        group('|', ')', depth);
        program.add(new GlobProgram.Save(2 * capture + 1));
      }
    }
  }

  private void stars() {
    int from = at;
    while (at < text.length && text[at] == '*' && !(at + 1 < text.length && text[at + 1] == '(')) {
      at++;
    }
    if (at - from == 1) {
      repeat(new GlobProgram.AnyInPart());
      return;
    }
    boolean wholePart = (from == 0 || text[from - 1] == '/') && at < text.length && text[at] == '/';
    if (!wholePart) {
      repeat(new GlobProgram.Any());
      return;
    }
    // `**/` stands for no part, too.
    at++;
    int split = program.add(new GlobProgram.End());
    program.add(new GlobProgram.Any());
    repeat(new GlobProgram.Any());
    program.add(new GlobProgram.Literal('/'));
    program.set(split, new GlobProgram.Split(split + 1, program.size()));
  }

  private void repeat(GlobProgram.Instruction one) {
    int split = program.add(new GlobProgram.End());
    program.add(one);
    program.add(new GlobProgram.Jump(split));
    program.set(split, new GlobProgram.Split(split + 1, program.size()));
  }

  private void extended(int kind, int depth) {
    at++;
    switch (kind) {
      case '@' -> group('|', ')', depth);
      case '?' -> {
        int split = program.add(new GlobProgram.End());
        group('|', ')', depth);
        program.set(split, new GlobProgram.Split(split + 1, program.size()));
      }
      case '*' -> {
        int split = program.add(new GlobProgram.End());
        group('|', ')', depth);
        program.add(new GlobProgram.Jump(split));
        program.set(split, new GlobProgram.Split(split + 1, program.size()));
      }
      case '+' -> {
        int start = program.size();
        group('|', ')', depth);
        program.add(new GlobProgram.Split(start, program.size() + 1));
      }
      default -> {
        int not = program.add(new GlobProgram.End());
        group('|', ')', depth);
        int end = program.add(new GlobProgram.End());
        program.set(not, new GlobProgram.Not(end));
      }
    }
  }

  /// Alternatives between brackets; stands on the opening one.
  private void group(int separator, int close, int depth) {
    int open = at;
    String ends = Character.toString(separator) + Character.toString(close);
    List<Integer> jumps = new ArrayList<>();
    while (true) {
      at++;
      int split = program.add(new GlobProgram.End());
      sequence(ends, depth + 1);
      if (at == text.length) {
        throw invalid(open, "a `" + Character.toString(close) + "` for it");
      }
      if (text[at] == close) {
        program.set(split, new GlobProgram.Jump(split + 1));
        at++;
        break;
      }
      jumps.add(program.add(new GlobProgram.End()));
      program.set(split, new GlobProgram.Split(split + 1, program.size()));
    }
    for (int jump : jumps) {
      program.set(jump, new GlobProgram.Jump(program.size()));
    }
  }

  private void set() {
    int open = at;
    at++;
    boolean negated = at < text.length && (text[at] == '!' || text[at] == '^');
    if (negated) {
      at++;
    }
    BitSet codePoints = new BitSet();
    int first = at;
    while (at < text.length && (text[at] != ']' || at == first)) {
      int low = member();
      int high = low;
      if (at + 1 < text.length && text[at] == '-' && text[at + 1] != ']') {
        at++;
        high = member();
      }
      if (high < low) {
        throw invalid(open, "ranges that go upwards");
      }
      codePoints.set(low, high + 1);
    }
    if (at >= text.length) {
      throw invalid(open, "a `]` for it");
    }
    at++;
    program.add(new GlobProgram.OneOf(codePoints, negated));
  }

  private int member() {
    int value = text[at] == '\\' ? escaped() : text[at];
    at++;
    return value;
  }

  private RuntimeException invalid(int index, String expected) {
    int position = index + 1 + (glob.startsWith("/") ? 1 : 0);
    return new Fault.Invalid(
            "The glob",
            glob,
            "%s (character %d)".formatted(expected, position),
            Optional.of("A `\\` before a special character takes it as it is."))
        .asException();
  }
}
