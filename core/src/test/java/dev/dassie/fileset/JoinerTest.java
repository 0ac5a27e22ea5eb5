package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayInputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

class JoinerTest {
  private static final int KIB = 1 << 10;

  private final Trees trees = new Trees();

  private Body write(byte[] bytes) {
    return trees.files.write(new ByteArrayInputStream(bytes), trees.session);
  }

  private static byte[] random(Random random, int length, boolean repeating) {
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (repeating) {
      Arrays.fill(bytes, (byte) 7);
    }
    return bytes;
  }

  /// The sizes where chunks and forms of bodies change, and others.
  private static int size(Random random) {
    int[] edges = {0, 1, 128, 129, 64 * KIB, 256 * KIB, 256 * KIB + 1, 1 << 20, (1 << 20) + 1};
    return random.nextBoolean()
        ? edges[random.nextInt(edges.length)]
        : random.nextInt(1 << random.nextInt(1, 22));
  }

  @Test
  void joinedPiecesAreTheBodyOfAllTheirBytesWhereverTheyAreCut() {
    Random random = new Random(7);
    for (int round = 0; round < 150; round++) {
      List<Filesets.Piece> pieces = new ArrayList<>();
      byte[] all = new byte[0];
      for (int i = random.nextInt(1, 5); i > 0; i--) {
        byte[] bytes = random(random, size(random), random.nextInt(5) == 0);
        boolean whole = random.nextBoolean();
        int from = whole ? 0 : random.nextInt(bytes.length + 1);
        int length = whole ? bytes.length : random.nextInt(bytes.length - from + 1);
        pieces.add(new Filesets.Piece(write(bytes), from, length));
        int at = all.length;
        all = Arrays.copyOf(all, at + length);
        System.arraycopy(bytes, from, all, at, length);
      }

      Body joined = trees.files.join(pieces, trees.session);

      assertThat(joined).as("round %d: %s", round, pieces).isEqualTo(write(all));
    }
  }

  @Test
  void onlyTheChunksAtTheSeamsAreRead() {
    Random random = new Random(11);
    List<Filesets.Piece> pieces = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      pieces.add(new Filesets.Piece(write(random(random, 16 << 20, false))));
    }
    trees.chunks.reset();

    Body joined = trees.files.join(pieces, trees.session);

    assertThat(joined.size()).isEqualTo(64 << 20);
    assertThat(trees.chunks.reads()).isLessThan(4 * 14);
  }

  @Test
  void aRangeBeyondTheEndIsRefused() {
    Body body = write(new byte[10]);

    assertThatThrownBy(() -> new Filesets.Piece(body, 5, 6))
        .hasMessage(
            "The range is `6 bytes from byte 5`, expected one within the 10 bytes of the file.");
    assertThatThrownBy(() -> new Filesets.Piece(body, Long.MAX_VALUE, 2))
        .hasMessageContaining("expected one within");
  }
}
