package dev.dassie.fileset;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.Random;
import org.junit.jupiter.api.Test;

final class BodiesTest {
  private final Trees trees = new Trees();

  @Test
  void theFormOfABodyFollowsFromItsSize() {
    assertThat(write(bytes(0))).isEqualTo(Body.Inline.EMPTY);
    assertThat(write(bytes(128))).isInstanceOf(Body.Inline.class);
    assertThat(write(bytes(129))).isInstanceOf(Body.Single.class);
    assertThat(write(bytes(256 << 10))).isInstanceOf(Body.Single.class);
    assertThat(write(bytes(3 << 20))).isInstanceOf(Body.Recipe.class);
    assertThat(write(bytes(256 << 10)).hash().digest()).isEqualTo(Digest.of(bytes(256 << 10)));
  }

  @Test
  void whatWasWrittenIsReadFromEveryOffset() throws IOException {
    for (int size : new int[] {0, 100, 5_000, 300 << 10, 4 << 20}) {
      byte[] bytes = bytes(size);
      Body body = write(bytes);
      assertThat(trees.files.open(body).readAllBytes()).isEqualTo(bytes);
      Random random = new Random(size);
      for (int i = 0; i < 20; i++) {
        int from = random.nextInt(size + 10);
        int length = random.nextInt(size + 10);
        byte[] expected =
            Arrays.copyOfRange(
                bytes, Math.min(from, size), Math.min(Math.addExact(from, length), size));
        assertThat(trees.files.open(body, from, length).readAllBytes()).isEqualTo(expected);
        ByteArrayOutputStream sent = new ByteArrayOutputStream();
        Bodies.send(
            trees.session,
            body,
            from,
            length,
            piece -> {
              byte[] copy = new byte[piece.remaining()];
              piece.get(copy);
              sent.writeBytes(copy);
            });
        assertThat(sent.toByteArray()).isEqualTo(expected);
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (InputStream in = trees.files.open(body)) {
          in.skipNBytes(Math.min(from, size));
          in.transferTo(out);
        }
        assertThat(out.toByteArray())
            .isEqualTo(Arrays.copyOfRange(bytes, Math.min(from, size), size));
      }
    }
  }

  @Test
  void appendingGivesTheBodyOfAllBytes() {
    int[] sizes = {0, 1, 127, 2_000, 200 << 10, 300 << 10, 2 << 20};
    byte[] all = bytes(8 << 20);
    for (int first : sizes) {
      for (int second : sizes) {
        Body body = write(Arrays.copyOf(all, first));
        Body appended =
            trees.files.append(body, new ByteArrayInputStream(all, first, second), trees.session);
        assertThat(appended)
            .as("%s + %s", first, second)
            .isEqualTo(write(Arrays.copyOf(all, first + second)));
      }
    }
  }

  @Test
  void recipesGrownByAppendingAreThoseOfTheWhole() {
    Random random = new Random(3);
    Deque<Digest> chunks = new ArrayDeque<>();
    RecipeWriter writer = new RecipeWriter(trees.session);
    for (int i = 0; i < 40_000; i++) {
      Digest id = new Digest(random.nextLong(), i, 0, 0);
      chunks.add(id);
      writer.add(id, 1 + i % 1000);
      if (i > 0 && i % 1_777 == 0) {
        Body.Recipe soFar = (Body.Recipe) writer.finish();
        assertThat(soFar).isEqualTo(recipe(chunks));
        writer = new RecipeWriter(trees.session);
        RecipeNode.Part last = writer.resume(soFar);
        writer.add(last.id(), last.size());
      }
    }
    assertThat(writer.finish()).isEqualTo(recipe(chunks));
  }

  @Test
  void aChunkInsertedInTheMiddleRewritesFewRecipeNodes() {
    Random random = new Random(4);
    Deque<Digest> chunks = new ArrayDeque<>();
    for (int i = 0; i < 100_000; i++) {
      chunks.add(new Digest(random.nextLong(), i, 0, 0));
    }
    recipe(chunks);
    Deque<Digest> edited = new ArrayDeque<>();
    for (Digest id : chunks) {
      if (edited.size() == 50_000) {
        edited.add(new Digest(random.nextLong(), 0, 1, 0));
      }
      edited.add(id);
    }
    trees.chunks.reset();

    recipe(edited);

    assertThat(trees.chunks.treeWrites()).isLessThanOrEqualTo(6);
    assertThat(trees.chunks.treeBytes()).isLessThan(150_000);
  }

  @Test
  void readingFromTheMiddleReadsOneChunkAndTheNodesAboveIt() throws IOException {
    Body body = write(bytes(16 << 20));
    trees.chunks.reset();

    trees.files.open(body, 9 << 20, 10).readAllBytes();

    assertThat(trees.chunks.reads()).isLessThanOrEqualTo(3);
  }

  private Body recipe(Deque<Digest> chunks) {
    RecipeWriter writer = new RecipeWriter(trees.session);
    int i = 0;
    for (Digest id : chunks) {
      writer.add(id, id.word2() == 1 ? 5 : 1 + (i = (int) id.word1()) % 1000);
    }
    return writer.finish();
  }

  private Body write(byte[] bytes) {
    return trees.files.write(new ByteArrayInputStream(bytes), trees.session);
  }

  private static byte[] bytes(int size) {
    byte[] bytes = new byte[size];
    new Random(11).nextBytes(bytes);
    return bytes;
  }
}
