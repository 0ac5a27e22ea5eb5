package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Request;
import dev.dassie.api.Upload;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Message;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.net.http.HttpClient;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `put file REPO@BRANCH[:/PATH] -f SOURCE…`: whatever is put by one command becomes one commit.
public final class PutFile implements Action {
  /// How often a branch may move under a mirror.
  private static final int MIRROR_TRIES = 5;

  @Mixin private final Scope scope = new Scope();
  @Mixin private final Message message = new Message();

  @Parameters(
      paramLabel = "REPO@BRANCH[:/PATH]",
      description = "Where to; a path ending in / is a directory.")
  private String target = "";

  @Option(
      names = {"-f", "--file"},
      paramLabel = "SOURCE",
      description = "A file, a directory with -r, an http or https URL, or - for standard input.")
  private List<String> sources = new ArrayList<>();

  @Option(
      names = {"-i", "--input-file"},
      paramLabel = "FILE",
      description = "A file that lists sources, one a line.")
  private Optional<String> listFile = Optional.empty();

  @Option(
      names = {"-r", "--recursive"},
      description = "Put what is below a directory.")
  private boolean recursive;

  @Option(
      names = {"-a", "--append"},
      description = "Append to files instead of replacing them.")
  private boolean append;

  @Option(names = "--untar", description = "The source is a tar, plain or gzip; put what it holds.")
  private boolean untar;

  @Option(
      names = "--full-path",
      description = "Keep the whole path of a source, not its last part.")
  private boolean fullPath;

  @Option(
      names = "--mirror",
      description = "With -r: also delete what is gone from the directory; send only changes.")
  private boolean mirror;

  @Option(
      names = "--by-reference",
      description = "Record where the file lies and which version it is; copy no bytes.")
  private boolean byReference;

  @Mixin private final SplitOptions split = new SplitOptions();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address to = scope.address(target);
    if (byReference) {
      refer(session, to);
      return Exit.OK;
    }
    List<Source> all = new ArrayList<>();
    for (String typed : typed(session)) {
      all.add(Source.of(typed, session.surroundings().folder()));
    }
    if (split.isAsked()) {
      checkSplit(all);
    }
    if (mirror) {
      mirror(session, to, all);
    } else if (untar) {
      for (Source source : all) {
        tar(session, to, to.pathOrRoot(), source);
      }
    } else if (all.size() == 1 && !isDirectory(all.get(0))) {
      single(session, to, all.get(0));
    } else {
      many(session, to, all);
    }
    return Exit.OK;
  }

  private List<String> typed(Session session) throws IOException {
    List<String> typed = new ArrayList<>(sources);
    if (listFile.isPresent()) {
      Files.readAllLines(session.file(listFile.get())).stream()
          .filter(line -> !line.isBlank())
          .forEach(typed::add);
    }
    if (typed.isEmpty()) {
      throw Problem.of(
              Problem.INVALID,
              "`put file` needs a source.",
              Optional.of("`-f FILE`, `-r -f DIRECTORY`, `-f https://…`, or `-f -`."))
          .asException();
    }
    return typed;
  }

  private boolean isDirectory(Source source) {
    boolean directory = source instanceof Source.Local local && Files.isDirectory(local.path());
    if (directory && !recursive) {
      throw Problem.of(
              Problem.INVALID,
              "`%s` is a directory, expected a file.".formatted(((Source.Local) source).path()),
              Optional.of("`-r` puts what is below a directory."))
          .asException();
    }
    return directory;
  }

  private void single(Session session, Address to, Source source)
      throws IOException, InterruptedException {
    String path = to.path().filter(p -> !p.endsWith("/")).orElseGet(() -> within(to, source));
    try (Opened opened = open(session, source, "application/octet-stream")) {
      Request put =
          Request.put(to.commitUrl() + "/file")
              .with("path", path)
              .flag("append", append)
              .flag("executable", !split.isAsked() && isExecutable(source));
      Request asked = split.on(put);
      session.api().json(message.on(asked.upload(opened.upload())));
    }
  }

  private String within(Address to, Source source) {
    String name = name(source);
    if (name.isEmpty()) {
      throw Problem.of(
              Problem.INVALID,
              "The target is `%s`, which names no file.".formatted(target),
              Optional.of("Say how it is to be called: `repo@branch:/name`."))
          .asException();
    }
    return to.path().orElse("/") + name;
  }

  private String name(Source source) {
    if (fullPath && source instanceof Source.Local local) {
      String whole = local.path().normalize().toString();
      return whole.startsWith("/") ? whole.substring(1) : whole;
    }
    return source.name();
  }

  private static boolean isExecutable(Source source) throws IOException {
    return source instanceof Source.Local local
        && Files.isRegularFile(local.path())
        && Tree.member(local.path(), "", note -> {}).map(Tar.Member::executable).orElse(false);
  }

  private void refer(Session session, Address to) throws IOException, InterruptedException {
    List<String> typed = typed(session);
    if (typed.size() != 1 || append || untar || mirror || split.isAsked()) {
      throw Problem.invalid(
              "`--by-reference` takes one source, and none of `-a`, `--untar`, `--mirror` and"
                  + " `--split`.")
          .asException();
    }
    Referring source = Referring.of(typed.get(0), session.surroundings().folder(), recursive);
    boolean named = to.path().filter(path -> source.folder() || !path.endsWith("/")).isPresent();
    String path = named ? to.pathOrRoot() : base(to) + source.name();
    Request post = source.on(Request.post(to.commitUrl() + "/references"), path);
    session.api().json(message.on(post.unlimited()));
  }

  private void checkSplit(List<Source> all) {
    if (all.size() != 1 || recursive || append || untar || mirror) {
      throw Problem.of(
              Problem.INVALID,
              "`--split` takes one file, and none of `-r`, `-a`, `--untar` and `--mirror`.",
              Optional.of("Split several files with one command each."))
          .asException();
    }
  }

  /// Compares first, then sends what differs; anew where the branch moved between the two.
  private void mirror(Session session, Address to, List<Source> all)
      throws IOException, InterruptedException {
    if (all.size() != 1
        || !recursive
        || append
        || untar
        || !(all.get(0) instanceof Source.Local local)
        || !isDirectory(local)) {
      throw Problem.of(
              Problem.INVALID,
              "`--mirror` takes one directory with `-r`, and neither `-a` nor `--untar`.",
              Optional.of("`dassie put file -r --mirror repo@branch:/path -f DIRECTORY`."))
          .asException();
    }
    for (int tries = 1; ; tries++) {
      Mirror found = Mirror.between(session, to, local.path(), prefix(to, local, false));
      try {
        if (!found.changes().isEmpty()) {
          sendMirrored(session, to, found);
        }
        session.say(
            "%d put, %d deleted, %d left as they are."
                .formatted(
                    found.changes().size() - found.deleted(), found.deleted(), found.same()));
        return;
      } catch (ProblemException e) {
        boolean moved =
            e.problem().code().equals(Problem.CONFLICT)
                && !Mirror.shown(session, to).orElse("none").equals(found.commit());
        if (!moved || tries == MIRROR_TRIES) {
          throw e;
        }
      }
    }
  }

  private void sendMirrored(Session session, Address to, Mirror found)
      throws IOException, InterruptedException {
    try (Progress progress = new Progress(session.terminal(), "put", OptionalLong.empty())) {
      Upload tar =
          Tar.upload(
              "files",
              receiver -> {
                for (Tar.Member member : found.changes()) {
                  receiver.accept(member);
                }
              });
      session
          .api()
          .json(
              message.on(
                  Request.post(to.commitUrl() + "/tar")
                      .with("path", "/")
                      .with("expect", found.commit())
                      .upload(counted(tar, progress))));
    }
  }

  private void tar(Session session, Address to, String path, Source source)
      throws IOException, InterruptedException {
    try (Opened opened = open(session, source, "application/x-tar")) {
      send(session, to, path, opened.upload());
    }
  }

  private void send(Session session, Address to, String path, Upload upload)
      throws IOException, InterruptedException {
    session
        .api()
        .json(
            message.on(
                Request.post(to.commitUrl() + "/tar")
                    .with("path", path)
                    .flag("append", append)
                    .upload(upload)));
  }

  /// Several sources, or a directory, as one tar: one request, one commit.
  private void many(Session session, Address to, List<Source> all)
      throws IOException, InterruptedException {
    try (Spool spool = new Spool(session)) {
      List<Tar.Members> parts = new ArrayList<>();
      for (Source source : all) {
        parts.add(members(session, to, source, all.size() > 1, spool));
      }
      try (Progress progress = new Progress(session.terminal(), "put", OptionalLong.empty())) {
        Upload tar = Tar.upload("files", receiver -> each(parts, receiver));
        send(session, to, "/", counted(tar, progress));
      }
    }
  }

  private Tar.Members members(
      Session session, Address to, Source source, boolean several, Spool spool)
      throws IOException, InterruptedException {
    String base = base(to);
    if (isDirectory(source) && source instanceof Source.Local local) {
      String prefix = prefix(to, local, several);
      return receiver -> Tree.each(local.path(), prefix, session::say, receiver);
    }
    String name = (base + name(source)).substring(1);
    if (name.isEmpty() || name.endsWith("/")) {
      within(to, new Source.Input());
    }
    Path file = source instanceof Source.Local local ? local.path() : spool.keep(source);
    if (!Files.isRegularFile(file)) {
      throw new NoSuchFileException(file.toString());
    }
    return receiver -> {
      Optional<Tar.Member> member = Tree.member(file, name, session::say);
      if (member.isPresent()) {
        receiver.accept(member.get());
      }
    };
  }

  private static String base(Address to) {
    return to.path().map(path -> path.endsWith("/") ? path : path + "/").orElse("/");
  }

  /// Where the files of a directory go: empty, or with a slash at its end.
  private String prefix(Address to, Source.Local directory, boolean several) {
    boolean below = several || to.path().isEmpty();
    String base = base(to);
    return (below ? base + name(directory) + "/" : base).substring(1);
  }

  private static void each(List<Tar.Members> parts, Tar.Receiver receiver) throws IOException {
    for (Tar.Members part : parts) {
      part.each(receiver);
    }
  }

  private record Opened(Upload upload, Optional<HttpClient> client, Progress progress)
      implements AutoCloseable {
    @Override
    public void close() {
      progress.close();
      client.ifPresent(HttpClient::shutdownNow);
    }
  }

  private static Opened open(Session session, Source source, String type)
      throws IOException, InterruptedException {
    Upload upload;
    Optional<HttpClient> client = Optional.empty();
    switch (source) {
      case Source.Local local -> upload = Upload.file(type, local.path());
      case Source.Input _ -> upload = Upload.once(type, "standard input", session.input());
      case Source.Remote remote -> {
        HttpClient http = Spool.client();
        client = Optional.of(http);
        Source.Download download = remote.open(http);
        upload =
            new Upload(
                type,
                download.length(),
                false,
                Optional.of(remote.url().toString()),
                download::bytes);
      }
    }
    Progress progress = new Progress(session.terminal(), "put " + source.name(), upload.length());
    return new Opened(counted(upload, progress), client, progress);
  }

  private static Upload counted(Upload upload, Progress progress) {
    return new Upload(
        upload.contentType(),
        upload.length(),
        upload.repeatable(),
        upload.description(),
        () -> {
          InputStream bytes = upload.opener().open();
          return progress.counted(bytes);
        });
  }
}
