package dev.dassie.fileset.split;

import dev.dassie.fault.Fault;

/// Rows of CSV (RFC 4180) end with a newline outside of quotes. A quote opens a quoted field only
/// where the field begins, so a stray one within a field means nothing.
final class CsvEnds implements RecordEnds {
  private enum State {
    FIELD_START,
    PLAIN,
    QUOTED,
    /// Behind a quote in a quoted field: its end, or the first of two that stand for one.
    QUOTE
  }

  private final byte delimiter;
  private State state = State.FIELD_START;
  private long rows;

  CsvEnds(byte delimiter) {
    this.delimiter = delimiter;
  }

  @Override
  public int next(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      byte read = bytes[i];
      if (state == State.QUOTED) {
        if (read == '"') {
          state = State.QUOTE;
        }
      } else if (read == '\n') {
        state = State.FIELD_START;
        rows++;
        return i + 1;
      } else if (read == '"' && state != State.PLAIN) {
        state = State.QUOTED;
      } else if (state != State.FIELD_START || !RecordEnds.isMark(read)) {
        state = read == delimiter ? State.FIELD_START : State.PLAIN;
      }
    }
    return -1;
  }

  @Override
  public void end() {
    if (state == State.QUOTED) {
      throw new Fault.Invalid(
              "The end of the CSV", "in a quoted field of row %d".formatted(rows + 1), "a `\"`")
          .asException();
    }
  }
}
