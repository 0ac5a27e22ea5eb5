package dev.dassie.executor.datum;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/// Replaces values of secrets in what code writes by `***`, as it is read. It finds a value, and
/// each longer line of it, as it is; not one that is encoded, and not one shorter than [#SHORTEST]
/// bytes. Thread-safe.
public final class Mask {
  /// Shorter values would make holes everywhere.
  public static final int SHORTEST = 4;

  private static final int SHORTEST_LINE = 8;
  private static final byte[] SHOWN = "***".getBytes(StandardCharsets.US_ASCII);

  /// The longest first, so that of two that begin alike the longer is hidden whole.
  private final List<byte[]> values;

  private final boolean[] begins = new boolean[256];
  private final int longest;

  public Mask(List<byte[]> secrets) {
    Set<byte[]> found =
        new TreeSet<>(
            Comparator.<byte[]>comparingInt(value -> -value.length).thenComparing(Arrays::compare));
    for (byte[] secret : secrets) {
      add(found, secret, 0, secret.length, SHORTEST);
      int start = 0;
      for (int i = 0; i <= secret.length; i++) {
        if (i == secret.length || secret[i] == '\n') {
          add(found, secret, start, i, SHORTEST_LINE);
          start = i + 1;
        }
      }
    }
    this.values = new ArrayList<>(found);
    this.longest = values.isEmpty() ? 0 : values.getFirst().length;
    values.forEach(value -> begins[value[0] & 0xff] = true);
  }

  /// Without white space at its ends, which programs add and drop.
  private static void add(Set<byte[]> found, byte[] from, int start, int end, int least) {
    int first = start;
    int last = end;
    while (first < last && from[first] <= ' ' && from[first] >= 0) {
      first++;
    }
    while (last > first && from[last - 1] <= ' ' && from[last - 1] >= 0) {
      last--;
    }
    if (last - first >= least) {
      found.add(Arrays.copyOfRange(from, first, last));
    }
  }

  /// The same bytes without the values.
  public InputStream over(InputStream in) {
    return values.isEmpty() ? in : new Masking(in);
  }

  private final class Masking extends InputStream {
    private static final int BLOCK = 1 << 16;

    private final InputStream in;
    private byte[] kept = new byte[0];
    private byte[] ready = new byte[0];
    private int at;
    private boolean ended;

    Masking(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
    }

    @Override
    public int read(byte[] to, int offset, int length) throws IOException {
      while (at == ready.length) {
        if (ended) {
          return -1;
        }
        fill();
      }
      int part = Math.min(length, ready.length - at);
      System.arraycopy(ready, at, to, offset, part);
      at += part;
      return part;
    }

    /// Masks what is at hand, but for the end, where a value may have begun.
    private void fill() throws IOException {
      byte[] more = in.readNBytes(BLOCK);
      ended = more.length < BLOCK;
      byte[] all = Arrays.copyOf(kept, kept.length + more.length);
      System.arraycopy(more, 0, all, kept.length, more.length);
      int safe = ended ? all.length : Math.max(0, all.length - longest + 1);
      ByteArrayOutputStream out = new ByteArrayOutputStream(all.length);
      int i = 0;
      while (i < safe) {
        int hidden = begins[all[i] & 0xff] ? length(all, i) : 0;
        if (hidden > 0) {
          out.writeBytes(SHOWN);
          i += hidden;
        } else {
          out.write(all[i]);
          i++;
        }
      }
      kept = Arrays.copyOfRange(all, Math.min(i, all.length), all.length);
      ready = out.toByteArray();
      at = 0;
    }

    private int length(byte[] all, int from) {
      for (byte[] value : values) {
        if (value.length <= all.length - from
            && Arrays.equals(all, from, from + value.length, value, 0, value.length)) {
          return value.length;
        }
      }
      return 0;
    }

    @Override
    public void close() throws IOException {
      in.close();
    }
  }
}
