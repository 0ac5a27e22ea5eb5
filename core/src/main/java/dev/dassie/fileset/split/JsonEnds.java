package dev.dassie.fileset.split;

import dev.dassie.fault.Fault;
import java.util.BitSet;

/// JSON values one after another (RFC 8259, with or without newlines between): each ends where the
/// next one begins, so that the space between belongs to the one before. Looks at brackets and
/// strings only; what stands between them is not judged.
final class JsonEnds implements RecordEnds {
  private static final int MAX_DEPTH = 10_000;

  private enum State {
    BEFORE,
    NESTED,
    STRING,
    ESCAPE,
    SCALAR,
    AFTER
  }

  private final BitSet arrays = new BitSet();
  private State state = State.BEFORE;
  private int depth;
  private long passed;

  @Override
  public int next(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte read = bytes[i];
      boolean begins = state == State.AFTER && !isSpace(read);
      if (begins || (state == State.SCALAR && isStart(read))) {
        state = State.BEFORE;
        return i;
      }
      take(read);
      passed++;
    }
    return -1;
  }

  private void take(byte read) {
    switch (state) {
      case BEFORE -> {
        if (!isSpace(read) && !RecordEnds.isMark(read)) {
          begin(read);
        }
      }
      case NESTED -> nested(read);
      case STRING -> {
        if (read == '\\') {
          state = State.ESCAPE;
        } else if (read == '"') {
          state = depth == 0 ? State.AFTER : State.NESTED;
        }
      }
      case ESCAPE -> state = State.STRING;
      case SCALAR -> {
        if (isSpace(read)) {
          state = State.AFTER;
        }
      }
      case AFTER -> {
        // Space behind a value.
      }
    }
  }

  private void begin(byte read) {
    if (read == '{' || read == '[' || read == '"') {
      nested(read);
    } else if (read == '}' || read == ']' || read == ',' || read == ':') {
      throw misplaced(read);
    } else {
      state = State.SCALAR;
    }
  }

  private void nested(byte read) {
    switch (read) {
      case '"' -> state = State.STRING;
      case '{', '[' -> {
        if (depth == MAX_DEPTH) {
          throw new Fault.Invalid(
                  "The JSON at byte " + passed, "nested deeper", "at most 10,000 levels")
              .asException();
        }
        arrays.set(depth++, read == '[');
        state = State.NESTED;
      }
      case '}', ']' -> {
        depth--;
        if (arrays.get(depth) != (read == ']')) {
          throw misplaced(read);
        }
        state = depth == 0 ? State.AFTER : State.NESTED;
      }
      default -> {
        // Of no meaning for where the value ends.
      }
    }
  }

  private RuntimeException misplaced(byte read) {
    return new Fault.Invalid(
            "The JSON at byte " + passed,
            String.valueOf((char) read),
            depth == 0 && state == State.BEFORE ? "a value" : "the bracket that closes the last")
        .asException();
  }

  private static boolean isSpace(byte read) {
    return read == ' ' || read == '\n' || read == '\r' || read == '\t';
  }

  private static boolean isStart(byte read) {
    return read == '{' || read == '[' || read == '"';
  }

  @Override
  public void end() {
    boolean whole = state == State.BEFORE || state == State.SCALAR || state == State.AFTER;
    if (!whole) {
      throw new Fault.Invalid("The end of the JSON", "within a value", "the value's end")
          .asException();
    }
  }
}
