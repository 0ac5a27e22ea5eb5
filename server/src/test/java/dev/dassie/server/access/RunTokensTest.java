package dev.dassie.server.access;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.version.RepoName;
import java.security.SecureRandom;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RunTokensTest {
  private static final RepoName INTAKE = new RepoName("default", "intake");
  private static final String REPO = "/api/v1/projects/{project}/repos/{repo}";

  private final RunTokens tokens = new RunTokens(new SecureRandom());

  @Test
  void aTokenIsGoodForItsPipelineUntilItIsRevoked() {
    String token = tokens.issue(INTAKE);

    Optional<RepoName> before = tokens.pipeline(Optional.of("Bearer " + token));
    tokens.revoke(token);

    assertThat(token).matches("run_[0-9a-f]{32}");
    assertThat(before).contains(INTAKE);
    assertThatThrownBy(() -> tokens.pipeline(Optional.of("Bearer " + token)))
        .hasMessage("`a process that has ended` may not use its token any longer.");
  }

  @Test
  void otherCallersAreNoPipeline() {
    assertThat(tokens.pipeline(Optional.empty())).isEmpty();
    assertThat(tokens.pipeline(Optional.of("Bearer something"))).isEmpty();
    assertThat(tokens.pipeline(Optional.of("Basic eDp5"))).isEmpty();
  }

  @ParameterizedTest
  @CsvSource({
    "PUT, /commits/{commit}/file",
    "POST, /commits",
    "POST, /commits/{commit}/finish",
    "POST, /commits/{commit}/tar",
    "DELETE, /commits/{commit}/file",
    "GET, /commits/{commit}/file",
    "HEAD, /commits/{commit}/file",
    "GET, /branches"
  })
  void aProcessWritesAndReadsItsOwnRepo(String method, String place) {
    assertThatCode(() -> check(method, REPO + place, "default", "intake"))
        .doesNotThrowAnyException();
    assertThatThrownBy(() -> check(method, REPO + place, "default", "other"))
        .hasMessageContaining("`default/other`: its token is good for the repo `default/intake`");
    assertThatThrownBy(() -> check(method, REPO + place, "else", "intake"))
        .hasMessageContaining("may not");
  }

  @ParameterizedTest
  @CsvSource({
    "DELETE, /api/v1/projects/{project}/repos/{repo}",
    "PUT, /api/v1/projects/{project}/repos/{repo}/branches/{branch}",
    "POST, /api/v1/projects/{project}/repos/{repo}/commits/{commit}/copy",
    "POST, /api/v1/projects/{project}/repos/{repo}/commits/{commit}/reference",
    "GET, /api/v1/projects/{project}/repos/{repo}/commits/{commit}/diff",
    "GET, /api/v1/feed",
    "POST, /api/v1/projects/{project}/pipelines",
    "POST, /api/v1/gc"
  })
  void aProcessMayDoNothingElse(String method, String template) {
    assertThatThrownBy(() -> check(method, template, "default", "intake"))
        .hasMessageStartingWith("`pipeline:default/intake` may not ");
  }

  private static void check(String method, String template, String project, String repo) {
    RunRule.check(INTAKE, method, template, Map.of("project", project, "repo", repo));
  }
}
