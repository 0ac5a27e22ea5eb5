package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

/// Joins and groups. The counts are those that users of Pachyderm know from its documentation.
final class KeyedDatumsTest extends InputsOnDisk {
  @Test
  void aJoinHasTheProductOfTheMatchesOfEachKey() {
    shops();

    List<String> found = paths(new Input.Join(List.of(stores(false), purchases(false))));

    assertThat(found)
        .containsExactly(
            "/p1_s0 /s0", "/p2_s0 /s0", "/p3_s1 /s1", "/p4_s2 /s2", "/p5_s4 /s4", "/p6_s4 /s4");
  }

  @Test
  void anOuterArmKeepsWhatHasNoPartner() {
    put("stores", "s0", "s1", "s3");
    put("purchases", "p1_s0", "p2_s1", "p3_s9");

    assertThat(paths(new Input.Join(List.of(stores(true), purchases(false)))))
        .containsExactly("/p1_s0 /s0", "/p2_s1 /s1", "/s3");
    assertThat(paths(new Input.Join(List.of(stores(false), purchases(true)))))
        .containsExactly("/p1_s0 /s0", "/p2_s1 /s1", "/p3_s9");
    assertThat(paths(new Input.Join(List.of(stores(true), purchases(true)))))
        .containsExactly("/p1_s0 /s0", "/p2_s1 /s1", "/s3", "/p3_s9");
  }

  @Test
  void ofThreeArmsThoseThatAreOuterStayTogetherAndTheOthersAreDropped() {
    put("a", "k1", "k2");
    put("b", "k1", "k2");
    put("c", "k1");
    Input.Join join =
        new Input.Join(
            List.of(
                joined("a", "/(*)", "$1", true),
                joined("b", "/(*)", "$1", false),
                joined("c", "/(*)", "$1", true)));

    assertThat(paths(join)).containsExactly("/k1 /k1 /k1", "/k2");
  }

  @Test
  void aGroupHasOneDatumForEachKeyWithAllFilesOfAllArms() {
    shops();

    List<Datum> datums =
        datums(
            new Input.Group(
                List.of(grouped("stores", "/(s*)", "$1"), grouped("purchases", "/p*_(s*)", "$1"))));

    assertThat(datums.stream().map(KeyedDatumsTest::paths))
        .containsExactly(
            "/p1_s0 /p2_s0 /s0", "/p3_s1 /s1", "/p4_s2 /s2", "/s3", "/p5_s4 /p6_s4 /s4");
    assertThat(datums.getFirst().parts())
        .allMatch(part -> part.groupKey().equals(Optional.of("s0")));
    assertThat(datums.getFirst().parts()).allMatch(part -> part.joinKey().isEmpty());
  }

  @Test
  void keysMayBeMadeOfSeveralCaptures() {
    put("a", "x-1", "x-2");
    put("b", "1.x", "2.y");
    Input join =
        new Input.Join(
            List.of(
                joined("a", "/(*)-(*)", "$1/$2", false),
                joined("b", "/(*).(*)", "${2}/$1", false)));

    assertThat(datums(join))
        .singleElement()
        .satisfies(datum -> {
          assertThat(paths(datum)).isEqualTo("/x-1 /1.x");
          assertThat(datum.parts().getFirst().joinKey()).contains("x/1");
        });
  }

  @Test
  void joinsAndGroupsNestInCrossesAndUnionsAndTheOtherWayRound() {
    shops();
    put("args", "1", "2");
    Input.Join join = new Input.Join(List.of(stores(false), purchases(false)));
    Input args = Specs.files("args", "/*");

    assertThat(datums(new Input.Cross(List.of(args, join)))).hasSize(12);
    assertThat(datums(new Input.Union(List.of(args, join)))).hasSize(8);
    assertThat(
            paths(
                new Input.Join(
                    List.of(
                        new Input.Union(
                            List.of(purchases(false), joined("args", "/(*)", "s$1", false))),
                        stores(false)))))
        .contains("/1 /s1", "/2 /s2")
        .hasSize(8);
    assertThat(
            paths(
                new Input.Join(
                    List.of(new Input.Cross(List.of(purchases(false), args)), stores(false)))))
        .as("a cross under a join joins as a whole")
        .hasSize(12)
        .contains("/1 /p1_s0 /s0");
  }

  @Test
  void aGroupOfAJoinPutsEachFileUnderItsOwnKey() {
    put("a", "k1-red", "k2-red", "k3-blue", "k4-blue");
    put("b", "k1-red", "k2-red", "k3-blue");
    Input group =
        new Input.Group(
            List.of(new Input.Join(List.of(both("a", "/(*)-(*)"), both("b", "/(*)-(*)")))));

    assertThat(paths(group))
        .containsExactly("/k3-blue /k3-blue", "/k1-red /k2-red /k1-red /k2-red");
  }

  @Test
  void noTwoDatumsShareAnOrderKeyAndTheyComeInItsOrder() {
    shops();
    put("args", "1", "2");
    Input.Join join = new Input.Join(List.of(stores(true), purchases(true)));
    Input.Group group = new Input.Group(List.of(grouped("args", "/(*)", "s$1")));

    List<Datum> datums = datums(join);
    List<Datum> nested =
        datums(new Input.Union(List.of(join, group, new Input.Cross(List.of(group, join)))));

    for (int i = 1; i < datums.size(); i++) {
      assertThat(Arrays.compareUnsigned(datums.get(i - 1).orderKey(), datums.get(i).orderKey()))
          .isNegative();
    }
    assertThat(nested.stream().map(datum -> new String(datum.orderKey(), StandardCharsets.UTF_8)))
        .doesNotHaveDuplicates()
        .hasSize(7 + 2 + 14);
  }

  @Test
  void theSameWorkFromTwoArmsOfAUnionIsOneDatum() {
    shops();
    Input.Join join = new Input.Join(List.of(stores(false), purchases(false)));

    assertThat(datums(new Input.Union(List.of(join, join)))).hasSize(6);
  }

  @Test
  void whatHasNoPartnerIsCountedWithItsKey() {
    shops();
    put("purchases", "p1_s0", "p2_s9", "notes.txt");

    List<Datums.Unmatched> arms =
        new Datums(scratch)
            .unmatched(new Input.Join(List.of(stores(false), purchases(false))), sources, 100);

    assertThat(arms.getFirst().matches()).isEqualTo(5);
    assertThat(arms.getFirst().alone()).isEqualTo(4);
    assertThat(arms.getLast().matches()).isEqualTo(2);
    assertThat(arms.getLast().files()).isEqualTo(1);
    assertThat(arms.getLast().examples())
        .singleElement()
        .satisfies(part -> assertThat(part.joinKey()).contains("s9"));
  }

  @Test
  void aKeyWithoutACaptureIsRefused() {
    assertThatThrownBy(() -> new Arm(joined("a", "/*", "$1", false)))
        .hasMessage(
            "The join key is `$1`, expected a glob with parentheses, and `$1` for what they capture.");
    assertThatThrownBy(() -> new Arm(joined("a", "/(*)", "x", false)))
        .hasMessageContaining("expected `$1`, what the parentheses of the glob capture, in it");
    assertThatThrownBy(() -> new Arm(joined("a", "/(*)-(*)", "$3", false)))
        .hasMessageContaining("expected `$1` to `$2`");
    assertThatThrownBy(() -> Datums.check(new Input.Join(List.of(Specs.files("a", "/(*)")))))
        .hasMessageContaining("`joinOn` of the input `a`");
  }

  @Test
  void thousandsOfKeysComeInOrder() {
    List<String> names = new ArrayList<>();
    for (int i = 0; i < 3_000; i++) {
      names.add("%04d".formatted(i));
    }
    put("a", names.toArray(String[]::new));
    put("b", names.reversed().toArray(String[]::new));

    List<String> found =
        paths(
            new Input.Join(
                List.of(joined("a", "/(*)", "$1", false), joined("b", "/(*)", "$1", false))));

    assertThat(found).hasSize(3_000).isSorted();
  }

  private void shops() {
    put("stores", "s0", "s1", "s2", "s3", "s4");
    put("purchases", "p1_s0", "p2_s0", "p3_s1", "p4_s2", "p5_s4", "p6_s4");
  }

  private static Input.Files stores(boolean outer) {
    return joined("stores", "/(s*)", "$1", outer);
  }

  private static Input.Files purchases(boolean outer) {
    return joined("purchases", "/p*_(s*)", "$1", outer);
  }

  private static Input.Files joined(String repo, String glob, String key, boolean outer) {
    return files(repo, glob, Optional.of(key), outer, Optional.empty());
  }

  private static Input.Files grouped(String repo, String glob, String key) {
    return files(repo, glob, Optional.empty(), false, Optional.of(key));
  }

  private static Input.Files both(String repo, String glob) {
    return files(repo, glob, Optional.of("$1"), false, Optional.of("$2"));
  }

  private static Input.Files files(
      String repo, String glob, Optional<String> on, boolean outer, Optional<String> by) {
    return new Input.Files(repo, Specs.master(repo), glob, false, false, false, on, outer, by);
  }
}
