package dev.dassie.cli;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.net.ServerSocket;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class MainTest {
  @TempDir private Path folder;

  private Cli run(String... words) {
    return Cli.run(folder, Map.of("DASSIE_HOME", folder.toString()), words);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "lst|No command is named `lst`. Did you mean `list`?",
        "frobnicate|No command is named `frobnicate`.",
        "list|`list` needs a noun: project, repo, branch, tag, commit, transaction, file, pipeline, job, datum, secret, access-key, queue, worker.",
        "list repoo|`list` knows no `repoo`. Did you mean `list repo`?",
        "list repo x|`list repo` takes no further argument, but `x` was given.",
        "list repo --ful-timestamps|`list repo` has no option `--ful-timestamps`. Did you mean"
            + " `--full-timestamps`?",
        "list repo -o xml|The format is `xml`, expected json, jsonl or yaml.",
        "create repo|`create repo` needs REPO.",
        "create tag r@t|`create tag` needs the option `--head COMMIT`.",
        "inspect branch r|The branch is `r`, expected `repo@branch`.",
        "inspect job x|The job is `x`, expected `pipeline@id`.",
        "wait commit r@b --timeout soon|The duration is `soon`, expected one such as `30s`, `5m` or"
            + " `1h30m`.",
        "put file r@b|`put file` needs a source.",
        "put file r@b -f gopher://x|The source is `gopher://x`, expected a file, `-`, or a URL with"
            + " http, https or file.",
        "get file r@b|The address is `r@b`, which names no file.",
        "get file -r r@b:/|`get file -r` needs the option `-o DIRECTORY`.",
        "diff file r@b q@b|The old side is of the repo `q`, expected one of `r`: a diff stays within"
            + " a repo.",
        "edit metadata repo r k|The edit is `k`, expected `key=value` or `key-`.",
        "edit metadata world r k=v|The kind is `world`, expected project, repo, branch or commit.",
        "logs|`logs` needs the option `-p PIPELINE` or `-j JOB`.",
        "create pipeline|No spec is given.",
        "completion fish|The shell is `fish`, expected `bash` or `zsh`.",
      })
  void aWrongCommandLineIsSaidInOneSentence(String words, String sentence) {
    Cli ended = run(words.split(" "));

    assertThat(ended.err().lines().findFirst()).isEqualTo(Optional.of(sentence));
    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.out()).isEmpty();
  }

  @Test
  void noServerIsExitCodeSixWithHowToStartOne() throws IOException {
    int free;
    try (ServerSocket socket = new ServerSocket(0)) {
      free = socket.getLocalPort();
    }

    Cli ended =
        Cli.run(
            folder, Map.of("DASSIE_PORT", Integer.toString(free)), "list", "repo", "-o", "json");

    assertThat(ended.code()).isEqualTo(6);
    assertThat(ended.out()).isEmpty();
    assertThat(ended.err())
        .isEqualTo(
            """
            No server answers at `http://127.0.0.1:%d`.
            Hint: Start one with `dassie up`, or set `DASSIE_URL` to the one you mean.
            """
                .formatted(free));
  }

  @Test
  void aFileThatIsNotThereIsNotFound() {
    Cli ended = run("create", "pipeline", "-f", "none.yaml");

    assertThat(ended.code()).isEqualTo(3);
    assertThat(ended.err())
        .isEqualTo("No file is at `%s`.\n".formatted(folder.resolve("none.yaml")));
  }

  @Test
  void aDirectoryIsNotPutWithoutAskingForIt() {
    Cli ended = run("put", "file", "r@b", "-f", ".");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err()).contains("is a directory, expected a file.").contains("`-r`");
  }

  @Test
  void aUrlThatIsNoneIsRefused() {
    Cli ended = Cli.run(folder, Map.of("DASSIE_URL", "ftp://x"), "list", "repo");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("The server's URL is `ftp://x`, expected one such as `http://127.0.0.1:7340`.");
  }

  @Test
  void aRemoteServerIsNotStartedHere() {
    Cli ended = Cli.run(folder, Map.of("DASSIE_URL", "http://example.org:1"), "up");

    assertThat(ended.code()).isEqualTo(2);
    assertThat(ended.err())
        .startsWith("`DASSIE_URL` is `http://example.org:1`, which is not this machine.");
  }

  @Test
  void downWithoutAServerSaysSo() {
    Cli ended = run("down");

    assertThat(ended.code()).isZero();
    assertThat(ended.err()).startsWith("No server was started by `up` for `" + folder + "`");
  }

  @Test
  void aBugGetsAnIdAndATraceInAFile() {
    String sentence = Bug.report(new IllegalStateException("boom"), List.of("list"), folder);

    assertThat(sentence).startsWith("This is a bug in Dassie, id `").doesNotContain("\tat ");
    assertThat(folder.resolve("bugs")).isDirectoryContaining("glob:**.txt");
  }

  @Test
  void completionKnowsCommandsAndOptions() {
    Cli ended = run("completion", "bash");

    assertThat(ended.code()).isZero();
    assertThat(ended.out())
        .contains("quickstart", "--full-timestamps", "_picocli_dassie_list_repo");
  }
}
