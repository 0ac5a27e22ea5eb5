package dev.dassie.content;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class ChunkerTest {
  private final Chunker chunker = new Chunker();

  private List<Integer> lengths(InputStream in) throws IOException {
    chunker.start(in);
    return rest();
  }

  private List<Integer> rest() throws IOException {
    List<Integer> lengths = new ArrayList<>();
    while (chunker.next()) {
      lengths.add(chunker.length());
    }
    assertThat(chunker.next()).isFalse();
    return lengths;
  }

  private List<Integer> lengths(byte[] bytes) throws IOException {
    return lengths(new ByteArrayInputStream(bytes));
  }

  private static int sum(List<Integer> lengths) {
    return lengths.stream().mapToInt(Integer::intValue).sum();
  }

  /// A stream that hands out odd pieces.
  private static InputStream inPieces(byte[] bytes, Random random) {
    return new ByteArrayInputStream(bytes) {
      @Override
      public synchronized int read(byte[] to, int offset, int length) {
        return super.read(to, offset, Math.min(length, 1 + random.nextInt(70_000)));
      }
    };
  }

  /// The chunker as docs/format.md states it, byte by byte.
  private static List<Integer> byTheBook(byte[] bytes) {
    List<Integer> lengths = new ArrayList<>();
    if (bytes.length <= Chunker.UNCUT) {
      return bytes.length == 0 ? lengths : List.of(bytes.length);
    }
    long[] table = Gear.table();
    int start = 0;
    while (start < bytes.length) {
      int length = 1;
      long hash = 0;
      for (int i = start; i < bytes.length; i++) {
        hash = (hash << 1) + table[bytes[i] & 0xff];
        length = i - start + 1;
        long top = hash >>> (length < Chunker.AVERAGE ? 44 : 48);
        if (length == Chunker.MAX || (length >= Chunker.MIN && top == 0)) {
          break;
        }
      }
      lengths.add(length);
      start += length;
    }
    return lengths;
  }

  @Test
  void goldenVectorsAreCutWhereTheyAlwaysWere() throws IOException {
    int vectors = 0;
    try (InputStream resource =
        Objects.requireNonNull(ChunkerTest.class.getResourceAsStream("/golden/chunker-1.txt"))) {
      String text = new String(resource.readAllBytes(), StandardCharsets.US_ASCII);
      for (String line : text.lines().filter(l -> !l.startsWith("#")).toList()) {
        String[] parts = line.split(" ");
        byte[] input =
            switch (parts[0]) {
              case "noise" -> Noise.bytes(Long.parseLong(parts[1]), Integer.parseInt(parts[2]));
              case "fill" -> {
                byte[] filled = new byte[Integer.parseInt(parts[2])];
                Arrays.fill(filled, (byte) Integer.parseInt(parts[1]));
                yield filled;
              }
              default -> throw new IllegalStateException(line);
            };
        List<Integer> expected = Arrays.stream(parts).skip(3).map(Integer::valueOf).toList();
        assertThat(lengths(input)).as(line).isEqualTo(expected);
        vectors++;
      }
    }
    assertThat(vectors).isGreaterThanOrEqualTo(10);
  }

  @Test
  void cutsAreThoseOfTheWrittenRule() throws IOException {
    Random random = new Random(1);
    for (int round = 0; round < 12; round++) {
      byte[] bytes = Noise.bytes(round, 200_000 + random.nextInt(3_000_000));
      if (round % 3 == 0) {
        Arrays.fill(bytes, 0, bytes.length / 2, (byte) round);
      }
      List<Integer> expected = byTheBook(bytes);

      assertThat(lengths(bytes)).isEqualTo(expected);
      assertThat(lengths(inPieces(bytes, random))).isEqualTo(expected);
    }
  }

  @Test
  void theFastScanFindsWhatTheSimpleOneFinds() {
    Random random = new Random(2);
    for (int round = 0; round < 3000; round++) {
      byte[] bytes = Noise.bytes(round, 64 + random.nextInt(40_000));
      int from = 64 + random.nextInt(bytes.length - 63);
      int to = from + random.nextInt(bytes.length - from + 1);
      // From masks that are hit at once to ones that are hardly ever hit.
      long mask = -1L << (64 - (1 + random.nextInt(18)));

      int fast = Gear.find(bytes, from, to, mask);

      assertThat(fast).isEqualTo(Gear.findSimply(bytes, from, to, mask));
    }
  }

  @Test
  void filesUpTo256KiBAreOneChunk() throws IOException {
    assertThat(lengths(new byte[0])).isEmpty();
    assertThat(lengths(Noise.bytes(1, 1))).containsExactly(1);
    assertThat(lengths(Noise.bytes(1, 262_144))).containsExactly(262_144);
    // This one has a cut within its first 256 KiB, once it is a byte longer.
    byte[] cut = Noise.bytes(cutEarly(), 262_145);
    assertThat(lengths(cut)).hasSizeGreaterThan(1);
    byte[] whole = Arrays.copyOf(cut, 262_144);
    assertThat(lengths(inPieces(whole, new Random(3)))).containsExactly(262_144);
  }

  private static long cutEarly() {
    for (long seed = 0; seed < 1000; seed++) {
      if (Chunker.cut(Noise.bytes(seed, 262_145), 0, 262_145) < 262_144) {
        return seed;
      }
    }
    throw new IllegalStateException("no seed cuts early");
  }

  @Test
  void chunksOfAFileAreWithinTheLimitsAndNearTheAverage() throws IOException {
    byte[] bytes = Noise.bytes(5, 64 << 20);

    List<Integer> lengths = lengths(bytes);

    assertThat(sum(lengths)).isEqualTo(bytes.length);
    assertThat(lengths).allMatch(length -> length <= Chunker.MAX);
    assertThat(lengths.subList(0, lengths.size() - 1)).allMatch(length -> length >= Chunker.MIN);
    assertThat(bytes.length / lengths.size()).isBetween(230_000, 380_000);
  }

  @Test
  void anInsertedByteChangesOnlyChunksNearIt() throws IOException {
    byte[] before = Noise.bytes(6, 32 << 20);
    byte[] after = new byte[before.length + 1];
    int middle = before.length / 2;
    System.arraycopy(before, 0, after, 0, middle);
    System.arraycopy(before, middle, after, middle + 1, before.length - middle);
    Set<Digest> known = new HashSet<>(digests(before));

    List<Digest> now = digests(after);

    assertThat(now.stream().filter(id -> !known.contains(id)).count()).isBetween(1L, 4L);
  }

  private List<Digest> digests(byte[] bytes) throws IOException {
    List<Digest> digests = new ArrayList<>();
    chunker.start(new ByteArrayInputStream(bytes));
    while (chunker.next()) {
      digests.add(Digest.of(chunker.buffer(), chunker.offset(), chunker.length()));
    }
    return digests;
  }

  @Test
  void resumingAtAnyChunkGivesTheCutsOfTheWholeFile() throws IOException {
    byte[] bytes = Noise.bytes(8, 3 << 20);
    List<Integer> whole = lengths(bytes);
    int start = 0;
    for (int i = 0; i < whole.size(); i++) {
      chunker.resume(new ByteArrayInputStream(bytes, start, bytes.length - start));

      assertThat(rest()).isEqualTo(whole.subList(i, whole.size()));
      start += whole.get(i);
    }
  }
}
