package dev.dassie.cli.question;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.Arrays;
import java.util.OptionalInt;
import org.junit.jupiter.api.Test;

class SearchTest {
  private static Search.Verdict[] unknown(int count) {
    Search.Verdict[] verdicts = new Search.Verdict[count];
    Arrays.fill(verdicts, Search.Verdict.UNKNOWN);
    return verdicts;
  }

  /// How often it asked.
  private static int run(Search search, int firstBad) {
    int asked = 0;
    for (OptionalInt next = search.next(); next.isPresent(); next = search.next()) {
      int place = next.getAsInt();
      search.learn(place, place < firstBad ? Search.Verdict.GOOD : Search.Verdict.BAD);
      asked++;
    }
    return asked;
  }

  @Test
  void everyFirstBadOneIsFoundInLogarithmicallyManySteps() {
    for (int count = 1; count <= 130; count++) {
      int most = 32 - Integer.numberOfLeadingZeros(count - 1);
      for (int firstBad = 0; firstBad < count; firstBad++) {
        Search search = new Search(unknown(count));

        int asked = run(search, firstBad);

        assertThat(search.firstBad()).isEqualTo(firstBad);
        assertThat(search.lastGood()).isEqualTo(firstBad - 1);
        assertThat(search.certain()).isTrue();
        assertThat(asked).isLessThanOrEqualTo(most);
      }
    }
  }

  @Test
  void theOneBesideASkippedOneIsAskedInstead() {
    Search search = new Search(unknown(8));
    search.learn(3, Search.Verdict.SKIP);

    int asked = run(search, 6);

    assertThat(search.firstBad()).isEqualTo(6);
    assertThat(asked).isLessThanOrEqualTo(4);
  }

  @Test
  void whatOnlySkippedOnesAreBetweenIsNotCertain() {
    Search search = new Search(unknown(4));
    for (int i = 0; i < 3; i++) {
      search.learn(i, Search.Verdict.SKIP);
    }

    assertThat(search.next()).isEmpty();
    assertThat(search.certain()).isFalse();
    assertThat(search.left()).isEqualTo(4);
  }

  @Test
  void rememberedVerdictsAreNotAskedFor() {
    Search.Verdict[] known = unknown(64);
    known[31] = Search.Verdict.GOOD;
    known[47] = Search.Verdict.BAD;
    Search search = new Search(known);

    assertThat(run(search, 40)).isLessThanOrEqualTo(4);
    assertThat(search.firstBad()).isEqualTo(40);
    assertThat(search.monotonic()).isTrue();
  }

  @Test
  void aGoodOneAfterABadOneIsNotMonotonic() {
    Search.Verdict[] known = unknown(8);
    known[2] = Search.Verdict.BAD;
    known[6] = Search.Verdict.GOOD;

    assertThat(new Search(known).monotonic()).isFalse();
  }
}
