package dev.dassie.bench;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// What the console is measured on. All of it is made through the server's own doors and run by its
/// own executor: the datums of `copies` are handed, one by one, to two programs that stay
/// (`datumBatching`), which is what makes so many of them fit the time. 1 in 1,000 of them fails in
/// its code and recovers.
///
/// | Repo | What it holds |
/// |---|---|
/// | `data` | the many files, in one commit, and one of them changed in a second |
/// | `many` → `copies` → `folders` | a file a datum, then a directory of 1,000 files a datum; twice, the second time with one file more |
/// | `quiet` → `p0` … | many pipelines, of one datum each |
///
/// What an earlier run left in the home of the server is gone on with.
final class ConsoleScene {
  static final int PIPELINES = 199;
  private static final int FILE_BYTES = 64;
  private static final int WAIT_SECONDS = 600;
  private static final Pattern ID = Pattern.compile("\"id\": *\"([0-9a-f]{32})\"");

  private final RealServer server;
  private final Http http;
  private final int files;
  private final int datums;

  ConsoleScene(RealServer server, Http http, int files, int datums) {
    this.server = server;
    this.http = http;
    this.files = files;
    this.datums = datums;
  }

  void fill() throws IOException, InterruptedException {
    String repos = server.dassie("list", "repo", "-o", "json");
    for (String repo : List.of("data", "many", "quiet")) {
      if (!repos.contains("\"" + repo + "\"")) {
        server.dassie("create", "repo", repo);
      }
    }
    // The pipelines first: what they wait for then comes at once.
    if (!repos.contains("\"p0\"")) {
      pipelines();
    }
    put("many", datums);
    if (!repos.contains("\"folders\"")) {
      copies();
    }
    put("data", files);
    long start = System.nanoTime();
    awaitCommit("folders");
    said("%,d datums have run".formatted(datums), start);
    if (commits("many") < 2) {
      http.put("many/commits/master/file?path=/new/one", bytes("one more"));
      http.put("data/commits/master/file?path=/" + Trees.path(files / 2), bytes("changed"));
    }
    awaitCommit("folders");
    for (int i = 0; i < PIPELINES; i++) {
      awaitCommit("p" + i);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static void said(String what, long start) {
    Main.say("P14: %s after %.0f s", what, (System.nanoTime() - start) / 1e9);
  }

  private void put(String repo, int count) throws IOException, InterruptedException {
    long start = System.nanoTime();
    if (commits(repo) == 0) {
      http.post(
          repo + "/commits/master/tar?path=/",
          out -> TarStream.write(out, 0, count, FILE_BYTES, count));
    }
    said("%,d files of `%s`".formatted(count, repo), start);
  }

  private int commits(String repo) throws IOException, InterruptedException {
    Matcher each = ID.matcher(http.get(repo + "/commits?limit=2"));
    int count = 0;
    while (each.find()) {
      count++;
    }
    return count;
  }

  private void awaitCommit(String repo) throws IOException, InterruptedException {
    String commit = http.get(repo + "/commits/master/wait?timeout=" + WAIT_SECONDS);
    if (!commit.replace(" ", "").contains("\"state\":\"finished\"")) {
      throw new IllegalStateException("`%s` did not end well: %s".formatted(repo, commit));
    }
  }

  private void copies() throws IOException, InterruptedException {
    Path code = Files.createDirectories(server.folder().resolve("code"));
    Files.writeString(
        code.resolve("batching.py"),
        Files.readString(RealServer.projectRoot().resolve("docs/examples/batching.py")));
    Files.writeString(
        code.resolve("copy.py"),
        """
        import os, batching

        def copy(datum):
            name = datum["in"]
            print("copying", name)
            if name.endswith("/f0777.bin"):
                raise ValueError("this one is of no use")
            to = name.replace("/pfs/in/", "/pfs/out/")
            os.makedirs(os.path.dirname(to), exist_ok=True)
            with open(name, "rb") as old, open(to, "wb") as new:
                new.write(old.read())

        batching.each(copy)
        """);
    create(
        "copies.yaml",
        """
        pipeline: {name: copies}
        input: {pfs: {repo: many, name: in, glob: "/*/*"}}
        transform: {cmd: [python3, copy.py], source: ./code, datumBatching: true, errCmd: ["true"]}
        datumTries: 1
        parallelismSpec: {constant: 2}
        ---
        pipeline: {name: folders}
        input: {pfs: {repo: copies, name: in, glob: "/*/"}}
        transform: {cmd: [sh, -c, "for d in /pfs/in/*; do ls $d > /pfs/out/$(basename $d); done"]}
        parallelismSpec: {constant: 2}
        """);
  }

  private void pipelines() throws IOException, InterruptedException {
    StringBuilder specs = new StringBuilder();
    for (int i = 0; i < PIPELINES; i++) {
      specs.append(
          String.format(
              Locale.ROOT,
              """
              ---
              pipeline: {name: p%d}
              input: {pfs: {repo: %s, name: in, glob: "/"}}
              transform: {cmd: ["true"]}
              """,
              i,
              i < 10 ? "quiet" : "p" + (i * 7 / 10)));
    }
    create("many.yaml", specs.toString());
    http.put("quiet/commits/master/file?path=/a", bytes("quiet"));
  }

  private void create(String name, String specs) throws IOException, InterruptedException {
    Path file = Files.writeString(server.folder().resolve(name), specs);
    server.dassie("create", "pipeline", "-f", file.toString());
  }
}
