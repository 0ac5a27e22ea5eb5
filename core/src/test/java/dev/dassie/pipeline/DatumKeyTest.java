package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Hash;
import dev.dassie.fileset.TreeRoot;
import dev.dassie.pipeline.secret.SecretUse;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.junit.jupiter.api.Test;

final class DatumKeyTest {
  private static final List<String> FACTS = List.of("process linux x86_64", "/usr/bin/true 00");
  private static final Optional<Hash> SOURCE =
      Optional.of(new Hash(Hash.Algorithm.DIRECTORY, Digest.of(new byte[] {1})));
  private static final CommitId COMMIT = new CommitId("0".repeat(32));

  private static final Datum DATUM =
      new Datum(List.of(part("images", "cat.png", "meow", false), part("args", "a", "1", false)));

  @Test
  void theKeyIsTheGoldenOne() {
    assertThat(key(Specs.EDGES, SOURCE, "salt", DATUM))
        .hasToString("c5556ec02ed16f359698b5613dfa7b969c5f4db08b3e8fcbac0a817b5000f9a9");
    assertThat(key(Specs.running("true"), Optional.empty(), "", DATUM))
        .hasToString("ae02677059e95d4cbe25060ef50d6ff04ea0a33e19a862026aad95d0d54b9170");
  }

  /// The image is among the facts; the name of it in the spec is not in the key.
  @Test
  void theKeyInAContainerIsTheGoldenOne() {
    List<String> facts = List.of("container linux/amd64", "image sha256:" + "ab".repeat(32));
    DatumKey keys = new DatumKey(facts, Specs.running("true"), Optional.empty(), "");

    assertThat(keys.of(DATUM))
        .hasToString("ac899cb175eebd58dc26bad9adbb776aae593fec36c424b842ecfeb2ac9d24fe");
  }

  @Test
  void keysOfJoinsAndGroupsAndReferencesAreTheGoldenOnes() {
    Input.Files args =
        new Input.Files(
            "args",
            Specs.master("args"),
            "/*",
            false,
            true,
            true,
            Optional.empty(),
            false,
            Optional.empty());
    Datum datum =
        new Datum(
            List.of(
                keyed("cat-2", "wuff", true),
                keyed("cat-1", "meow", false),
                new Arm(args).part(COMMIT, file("a", "1"))));

    assertThat(key(Specs.running("true"), Optional.empty(), "", datum))
        .hasToString("99bc9ab9cccb20d253eae152af6e2c05201ae36f82fce7d6a2b4c1ec52449c99");
    assertThat(datum.id())
        .isEqualTo("326d6d8c75db178f294ab17112df301d9831402544a405bc6d372e3b4ad91143");
  }

  @Test
  void keysWithUserAndSecretsAreTheGoldenOnes() {
    SecretUse variable =
        new SecretUse("db", Optional.of("pw"), Optional.empty(), Optional.of("PASSWORD"));
    SecretUse folder = new SecretUse("db", Optional.empty(), Optional.of("/db"), Optional.empty());
    Transform plain = Specs.running("true");
    Transform secret = plain.with(Optional.empty(), List.of(variable, folder));
    Transform user = plain.with(Optional.of("1000"), List.of());

    assertThat(key(secret, Optional.empty(), "", DATUM))
        .hasToString("04867728f496471174e973c08eb25b21f6b9a339500973d13c0cf9ebc4edd92f");
    assertThat(key(user, Optional.empty(), "", DATUM))
        .hasToString("7e79f180ce4d6188a6c75a87623ccc6469b6bc4e18963094c3842c14d57f8e11");
    assertThat(key(plain.with(Optional.empty(), List.of(variable)), Optional.empty(), "", DATUM))
        .isNotEqualTo(key(secret, Optional.empty(), "", DATUM));
  }

  @Test
  void keysOfBucketsAreTheGoldenOnes() {
    Input.Files files = Specs.files("words", "/");
    Entry root =
        new Entry.Directory(FilePath.ROOT, new TreeRoot.Inlined(new byte[] {2, 0, 0}), 0, 0);
    DatumKey keys =
        new DatumKey(
            List.of("process linux x86_64", "output s3"),
            Specs.running("true"),
            Optional.empty(),
            "");

    Datum bucket = new Datum(List.of(new Arm(files.with("/", true)).part(COMMIT, root)));
    Datum folder = new Datum(List.of(new Arm(files).part(COMMIT, root)));

    assertThat(keys.of(bucket))
        .hasToString("46e82b1dd4e5a94db7cbb986e2d89cb6503c05e9fc9c79e9c9438eb6d67c8664");
    assertThat(keys.of(folder)).isNotEqualTo(keys.of(bucket));
    assertThat(new String(bucket.orderKey(), StandardCharsets.UTF_8)).endsWith("master s3\0");
  }

  private static Datum.Part keyed(String path, String content, boolean emptyFiles) {
    Input.Files files =
        new Input.Files(
            "images",
            Specs.master("images"),
            "/(*)-(*)",
            emptyFiles,
            false,
            false,
            Optional.of("$1"),
            true,
            Optional.of("$2"));
    return new Arm(files).part(COMMIT, file(path, content));
  }

  @Test
  void theIdIsTheGoldenOneAndIgnoresContent() {
    assertThat(DATUM.id())
        .isEqualTo("f68ce0d9c21ef4689823d04e775edf7ce164548cb3e19c7c3c7dd1baf75ed467");
    assertThat(
            new Datum(List.of(part("images", "cat.png", "x", true), part("args", "a", "", false)))
                .id())
        .isEqualTo(DATUM.id());
  }

  @Test
  void theOrderOfPartsAndOfVariablesDoesNotShow() {
    Datum turned = new Datum(DATUM.parts().reversed());
    Transform other = with(Specs.EDGES, Specs.env("A", "1", "B", "2"), List.of(1, 3, 3));

    assertThat(key(other, SOURCE, "salt", turned))
        .isEqualTo(key(Specs.EDGES, SOURCE, "salt", DATUM));
    assertThat(turned.orderKey()).isEqualTo(DATUM.orderKey());
  }

  @Test
  void everythingThatTheCodeCanSeeChangesTheKey() {
    Transform plain = Specs.running("true");
    Set<Digest> keys = new HashSet<>();
    keys.add(key(plain, Optional.empty(), "", DATUM));
    keys.add(key(Specs.running("true", "x"), Optional.empty(), "", DATUM));
    keys.add(key(Specs.running("truex"), Optional.empty(), "", DATUM));
    keys.add(key(with(plain, Map.of("A", "1"), List.of()), Optional.empty(), "", DATUM));
    keys.add(key(with(plain, Map.of(), List.of(1)), Optional.empty(), "", DATUM));
    keys.add(key(plain, SOURCE, "", DATUM));
    keys.add(key(plain, Optional.empty(), "salt", DATUM));
    keys.add(new DatumKey(List.of("process linux aarch64"), plain, Optional.empty(), "").of(DATUM));
    keys.add(key(plain, Optional.empty(), "", one("images", "cat.png", "meow", false)));
    keys.add(key(plain, Optional.empty(), "", one("images", "dog.png", "meow", false)));
    keys.add(key(plain, Optional.empty(), "", one("images", "cat.png", "wuff", false)));
    keys.add(key(plain, Optional.empty(), "", one("images", "cat.png", "meow", true)));
    keys.add(key(plain, Optional.empty(), "", one("pics", "cat.png", "meow", false)));

    assertThat(keys).hasSize(13);
  }

  @Test
  void whatStaysOutsideTheKeyDoesNotChangeIt() {
    Transform edges = Specs.EDGES;
    Transform other =
        new Transform(
            edges.cmd(),
            edges.stdin(),
            edges.env(),
            Optional.of("./moved"),
            edges.workingDir(),
            edges.acceptReturnCode(),
            List.of("cleanup"),
            List.of("x"),
            edges.network(),
            Optional.empty());

    assertThat(key(other, SOURCE, "", DATUM)).isEqualTo(key(edges, SOURCE, "", DATUM));
  }

  @Test
  void aDirectoryStandsWhereItStandsInATree() {
    Datum file = one("in", "a.txt", "", false);
    Datum directory =
        new Datum(
            List.of(
                new Arm(new Input.Files("in", Specs.master("in"), "/*", false))
                    .part(
                        COMMIT,
                        new Entry.Directory(
                            new FilePath("a"),
                            new TreeRoot.Stored(Digest.of(new byte[0])),
                            1,
                            1))));

    assertThat(Arrays.compareUnsigned(file.orderKey(), directory.orderKey())).isNegative();
  }

  static Datum.Part part(String name, String path, String content, boolean emptyFiles) {
    return new Arm(new Input.Files(name, Specs.master(name), "/*", emptyFiles))
        .part(COMMIT, file(path, content));
  }

  private static Entry file(String path, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.UTF_8);
    return new Entry.File(new FilePath(path), false, new Body.Inline(bytes));
  }

  private static Datum one(String name, String path, String content, boolean emptyFiles) {
    return new Datum(List.of(part(name, path, content, emptyFiles)));
  }

  private static Digest key(Transform transform, Optional<Hash> source, String salt, Datum datum) {
    return new DatumKey(FACTS, transform, source, salt).of(datum);
  }

  private static Transform with(Transform from, Map<String, String> env, List<Integer> codes) {
    return new Transform(
        from.cmd(),
        from.stdin(),
        env,
        from.source(),
        from.workingDir(),
        codes,
        from.errCmd(),
        from.errStdin(),
        from.network(),
        from.image());
  }
}
