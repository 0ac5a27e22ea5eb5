package dev.dassie.pipeline;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.version.BranchName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class DatumsTest extends InputsOnDisk {
  @Test
  void everyFileAndFolderThatTheGlobMatchesIsADatum() {
    put("images", "b.png", "a.png", "deep/c.png", "a/x");

    assertThat(paths(Specs.files("images", "/*")))
        .containsExactly("/a.png", "/a", "/b.png", "/deep");
    assertThat(paths(Specs.files("images", "/*/"))).containsExactly("/a", "/deep");
    assertThat(paths(Specs.files("images", "/*/*"))).containsExactly("/a/x", "/deep/c.png");
  }

  @Test
  void aSlashIsOneDatumEvenOfAnEmptyCommit() {
    put("images");

    assertThat(paths(Specs.files("images", "/"))).containsExactly("/");
    assertThat(paths(Specs.files("images", "/*"))).isEmpty();
  }

  @Test
  void aBranchWithoutACommitContributesNothing() {
    put("images", "a.png");
    Input missing = Specs.files("other", "/");

    assertThat(paths(missing)).isEmpty();
    assertThat(paths(new Input.Union(List.of(Specs.files("images", "/*"), missing))))
        .containsExactly("/a.png");
    assertThat(paths(new Input.Cross(List.of(Specs.files("images", "/*"), missing)))).isEmpty();
  }

  @Test
  void aCrossHasEveryCombinationWhateverTheOrderOfItsParts() {
    put("images", "a", "b");
    put("parameters", "1", "2", "3");
    Input.Files images = Specs.files("images", "/*");
    Input.Files parameters = Specs.files("parameters", "/*");

    List<String> one = paths(new Input.Cross(List.of(images, parameters)));
    List<String> other = paths(new Input.Cross(List.of(parameters, images)));

    assertThat(one).containsExactly("/a /1", "/a /2", "/a /3", "/b /1", "/b /2", "/b /3");
    assertThat(other).isEqualTo(one);
  }

  @Test
  void aUnionHasTheDatumsOfItsParts() {
    put("fruits", "apple", "pear");
    put("prices", "apple", "plum");
    Input fruits = Specs.files("fruits", "/*");
    Input prices = Specs.files("prices", "/*");

    assertThat(paths(new Input.Union(List.of(prices, fruits))))
        .containsExactly("/apple", "/pear", "/apple", "/plum");
  }

  @Test
  void aCrossOfUnionsChoosesOneArmOfEach() {
    put("a", "1");
    put("b", "2");
    put("c", "3");
    Input union = new Input.Union(List.of(Specs.files("a", "/*"), Specs.files("b", "/*")));
    Input cross = new Input.Cross(List.of(Specs.files("c", "/*"), union));

    assertThat(paths(cross)).containsExactly("/1 /3", "/2 /3");
  }

  @Test
  void armsThatDoTheSameWorkMakeOneDatum() {
    put("images", "a", "b");
    BranchName dev = new BranchName(Specs.master("images").repo(), "dev");
    sources.put(dev, source("a", "c"));
    Input.Files devFiles = new Input.Files("images", dev, "/*", false);
    Input both =
        new Input.Union(
            List.of(Specs.files("images", "/*"), devFiles, Specs.files("images", "/a*")));

    assertThat(paths(both)).containsExactly("/a", "/b", "/c");
  }

  @Test
  void armsWithOtherContentUnderOnePathMakeTwoDatumsWithDifferentOrderKeys() {
    put("images", "a");
    BranchName dev = new BranchName(Specs.master("images").repo(), "dev");
    sources.put(dev, sourceOf(Map.of("a", "other")));
    Input both =
        new Input.Union(
            List.of(Specs.files("images", "/*"), new Input.Files("images", dev, "/*", false)));

    List<Datum> datums = datums(both);

    assertThat(datums).hasSize(2);
    assertThat(datums.get(0).id()).isEqualTo(datums.get(1).id());
    assertThat(datums.get(0).orderKey()).isNotEqualTo(datums.get(1).orderKey());
  }

  @Test
  void datumsComeInTheOrderOfTheirKeys() {
    put("a", "x", "x.txt", "y/1", "y-1", "é", "z/z/z");
    put("b", "1", "1.5", "d/1");
    put("c", "q");
    Input input =
        new Input.Union(
            List.of(
                new Input.Cross(
                    List.of(
                        Specs.files("b", "/**"),
                        new Input.Union(List.of(Specs.files("a", "/**"), Specs.files("c", "/*"))))),
                Specs.files("a", "/*"),
                Specs.files("b", "/")));

    List<Datum> datums = datums(input);

    assertThat(datums.size()).isGreaterThan(30);
    for (int i = 1; i < datums.size(); i++) {
      byte[] before = datums.get(i - 1).orderKey();
      assertThat(Arrays.compareUnsigned(before, datums.get(i).orderKey())).isNegative();
    }
  }

  @Test
  void theOrderOfTheSourcesDoesNotShow() {
    put("a", "1", "2");
    put("b", "3");
    Input input = new Input.Cross(List.of(Specs.files("a", "/*"), Specs.files("b", "/*")));
    Map<BranchName, Datums.Source> turned = new HashMap<>();
    new ArrayList<>(sources.entrySet())
        .reversed()
        .forEach(entry -> turned.put(entry.getKey(), entry.getValue()));

    Iterator<Datum> datums = new Datums(scratch).of(input, turned);

    for (Datum expected : datums(input)) {
      assertThat(datums.next()).isEqualTo(expected);
    }
    assertThat(datums.hasNext()).isFalse();
  }

  @Test
  void aMillionCombinationsStreamInBoundedMemory() {
    String[] names = new String[1000];
    for (int i = 0; i < names.length; i++) {
      names[i] = "%04d".formatted(i);
    }
    put("a", names);
    put("b", names);
    Input input = new Input.Cross(List.of(Specs.files("a", "/*"), Specs.files("b", "/*")));
    Iterator<Datum> datums = new Datums(scratch).of(input, sources);

    long before = used();
    long count = 0;
    long most = 0;
    while (datums.hasNext()) {
      Datum datum = datums.next();
      count += datum.parts().size() / 2;
      if (count % 250_000 == 0) {
        most = Math.max(most, used() - before);
      }
    }

    assertThat(count).isEqualTo(1_000_000);
    // A million held datums would take over 100 MB.
    assertThat(most).isLessThan(30L << 20);
  }

  @Test
  void tooManyWaysToChooseAnArmAreRefused() {
    Input two = new Input.Union(List.of(Specs.files("a", "/"), Specs.files("a", "/")));
    Input many = new Input.Cross(List.of(two, two, two, two, two, two, two, two, two));

    assertThatThrownBy(() -> datums(many))
        .hasMessage(
            "The number of ways to choose one arm of each union is `257 or more`, expected at most 256.");
  }

  @Test
  void aDatumWhosePathsAreTooLongTogetherIsRefused() {
    put("a", "x".repeat(4000));
    List<Input> arms = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      arms.add(new Input.Files("n" + i, Specs.master("a"), "/*", false));
    }

    assertThatThrownBy(() -> datums(new Input.Cross(arms)).size())
        .hasMessageContaining("expected paths of at most 15,000 bytes together");
  }

  @Test
  void filesThatNoDatumHoldsAreCounted() {
    put("images", "a.png", "b.png", "notes.txt", "a/deep.txt", "a/deep.png", "b/x.png");
    Datums datums = new Datums(scratch);
    Input input =
        new Input.Union(
            List.of(Specs.files("images", "/*.png"), Specs.files("images", "/{a,notes.txt}")));

    List<Datums.Unmatched> counts = datums.unmatched(input, sources, 100);

    assertThat(counts).extracting(Datums.Unmatched::files).containsExactly(4L, 3L);
    assertThat(counts).allMatch(Datums.Unmatched::exact);
  }

  @Test
  void countingEndsAtTheLimitAndSaysSo() {
    put("images", "1", "2", "3", "4");
    Datums datums = new Datums(scratch);

    List<Datums.Unmatched> counts = datums.unmatched(Specs.files("images", "/1"), sources, 3);

    assertThat(counts).singleElement().extracting(Datums.Unmatched::files).isEqualTo(2L);
    assertThat(counts).noneMatch(Datums.Unmatched::exact);
  }

  private static long used() {
    System.gc();
    Runtime runtime = Runtime.getRuntime();
    return runtime.totalMemory() - runtime.freeMemory();
  }
}
