package dev.dassie.fileset.split;

/// Lines end with a newline; the last one may end with the stream.
final class LineEnds implements RecordEnds {
  @Override
  public int next(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  @Override
  public void end() {}
}
