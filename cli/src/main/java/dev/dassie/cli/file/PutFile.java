package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Problem;
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

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    Address to = scope.address(target);
    List<Source> all = new ArrayList<>();
    for (String typed : typed(session)) {
      all.add(Source.of(typed, session.surroundings().folder()));
    }
    if (untar) {
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
      session
          .api()
          .json(
              message.on(
                  Request.put(to.commitUrl() + "/file")
                      .with("path", path)
                      .flag("append", append)
                      .flag("executable", isExecutable(source))
                      .upload(opened.upload())));
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
    String base = to.path().map(path -> path.endsWith("/") ? path : path + "/").orElse("/");
    if (isDirectory(source) && source instanceof Source.Local local) {
      boolean below = several || to.path().isEmpty();
      String prefix = (below ? base + name(source) + "/" : base).substring(1);
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
