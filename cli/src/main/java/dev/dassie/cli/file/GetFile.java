package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Problem;
import dev.dassie.api.Reply;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Action;
import dev.dassie.cli.command.Exit;
import dev.dassie.cli.command.Scope;
import dev.dassie.cli.command.Session;
import dev.dassie.cli.terminal.Progress;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.Optional;
import java.util.OptionalLong;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/// `get file REPO@COMMIT:/PATH [-o PATH]`, and with `-r` everything below a path.
public final class GetFile implements Action {
  private static final int BUFFER = 1 << 18;

  @Mixin private final Scope scope = new Scope();

  @Parameters(paramLabel = "REPO@COMMIT:/PATH", description = "What to get.")
  private String what = "";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "PATH",
      description = "Where to; standard output when it is not said.")
  private Optional<String> output = Optional.empty();

  @Option(
      names = {"-r", "--recursive"},
      description = "All that is below the path, into the directory named by -o.")
  private boolean recursive;

  @Option(
      names = "--offset",
      paramLabel = "BYTES",
      description = "Leave out this many bytes first.")
  private long offset;

  @Option(names = "--length", paramLabel = "BYTES", description = "Get at most this many bytes.")
  private Optional<Long> length = Optional.empty();

  @Override
  public int run(Session session) throws IOException, InterruptedException {
    if (offset < 0 || length.filter(bytes -> bytes < 0).isPresent()) {
      throw Problem.invalid("`--offset` and `--length` are bytes, expected 0 or more.")
          .asException();
    }
    Address from = scope.address(what);
    if (recursive) {
      return directory(session, from);
    }
    if (from.path().isEmpty()) {
      throw Problem.of(
              Problem.INVALID,
              "The address is `%s`, which names no file.".formatted(what),
              Optional.of("Name it: `repo@branch:/path`; `-r` gets everything below a path."))
          .asException();
    }
    if (length.equals(Optional.of(0L))) {
      session
          .api()
          .json(Request.get(from.commitUrl() + "/files/inspect").with("path", from.pathOrRoot()));
      copy(session, InputStream.nullInputStream(), OptionalLong.of(0), from);
      return Exit.OK;
    }
    try (Reply reply = session.api().open(request(from, offset))) {
      session.sayNoteOf(reply);
      InputStream body =
          new Download(reply.body(), at -> session.api().open(request(from, offset + at)));
      copy(session, body, reply.length(), from);
    }
    return Exit.OK;
  }

  private Request request(Address from, long at) {
    Request request = Request.get(from.commitUrl() + "/file").with("path", from.pathOrRoot());
    if (at == 0 && length.isEmpty()) {
      return request;
    }
    String last = length.map(bytes -> Long.toString(Math.addExact(offset, bytes) - 1)).orElse("");
    return request.header("Range", "bytes=%d-%s".formatted(at, last));
  }

  private void copy(Session session, InputStream body, OptionalLong size, Address from)
      throws IOException {
    try (Progress progress = new Progress(session.terminal(), "get " + from.pathOrRoot(), size)) {
      InputStream bytes = progress.counted(body);
      if (output.isEmpty() || output.get().equals("-")) {
        transfer(bytes, session.terminal().bytes());
        session.terminal().bytes().flush();
        return;
      }
      Path typed = session.file(output.get());
      Path target = Files.isDirectory(typed) ? typed.resolve(lastName(from)) : typed;
      if (Files.exists(target) && !Files.isRegularFile(target)) {
        try (OutputStream to = Files.newOutputStream(target)) {
          transfer(bytes, to);
        }
        return;
      }
      replace(bytes, target);
    }
  }

  /// The target appears whole or not at all.
  private static void replace(InputStream bytes, Path target) throws IOException {
    Path part = target.resolveSibling(".%s.part".formatted(target.getFileName()));
    try {
      try (OutputStream to = Files.newOutputStream(part)) {
        transfer(bytes, to);
      }
      Files.move(part, target, StandardCopyOption.REPLACE_EXISTING, StandardCopyOption.ATOMIC_MOVE);
    } finally {
      Files.deleteIfExists(part);
    }
  }

  private static String lastName(Address from) {
    String path = from.pathOrRoot();
    return path.substring(path.lastIndexOf('/') + 1);
  }

  private static void transfer(InputStream from, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int read = from.read(buffer); read >= 0; read = from.read(buffer)) {
      to.write(buffer, 0, read);
    }
  }

  private int directory(Session session, Address from) throws IOException, InterruptedException {
    String folder =
        output.orElseThrow(() ->
            Problem.of(
                    Problem.INVALID,
                    "`get file -r` needs the option `-o DIRECTORY`.",
                    Optional.of("`-o -` writes one tar to standard output."))
                .asException());
    Request request = Request.get(from.commitUrl() + "/tar").with("path", from.pathOrRoot());
    try (Reply reply = session.api().open(request);
        Progress progress =
            new Progress(session.terminal(), "get " + from.pathOrRoot(), reply.length())) {
      session.sayNoteOf(reply);
      InputStream tar = progress.counted(reply.body());
      if (folder.equals("-")) {
        transfer(tar, session.terminal().bytes());
        session.terminal().bytes().flush();
      } else {
        new Unpacking(session.file(folder)).unpack(tar);
      }
    }
    return Exit.OK;
  }
}
