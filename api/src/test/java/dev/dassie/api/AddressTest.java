package dev.dassie.api;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class AddressTest {
  @ParameterizedTest
  @CsvSource({
    "r, p, r, '', ''",
    "r@b, p, r, b, ''",
    "r@b:/x/y, p, r, b, /x/y",
    "r@b:x, p, r, b, /x",
    "r@b^3, p, r, b^3, ''",
    "q/r@b, q, r, b, ''",
    "q/r.spec@b:/a@b:c, q, r.spec, b, /a@b:c",
    "r:/x@y, p, r, '', /x@y",
    "r@, p, r, '', ''",
  })
  void partsAreSplitAtTheFirstSigns(
      String text, String project, String repo, String commit, String path) {
    Address address = Address.parse(text, "p");

    assertThat(address.project()).isEqualTo(project);
    assertThat(address.repo()).isEqualTo(repo);
    assertThat(address.commit().orElse("")).isEqualTo(commit);
    assertThat(address.path().orElse("")).isEqualTo(path);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "@b", "/r@b", "p/@b", "a/b/c@d"})
  void anAddressWithoutARepoIsRefused(String text) {
    assertThatThrownBy(() -> Address.parse(text, "p"))
        .hasMessage(
            "The address is `" + text + "`, expected `repo@branch` or `repo@branch:/path`.");
  }

  @Test
  void signsOfACommitAreEncodedInTheUrl() {
    Address address = Address.parse("r@b~3", "p").withCommit("é^/");

    assertThat(address.commitUrl()).isEqualTo("/projects/p/repos/r/commits/%C3%A9%5E%2F");
  }
}
