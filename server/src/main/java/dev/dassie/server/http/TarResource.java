package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Files;
import dev.dassie.version.Reply;
import dev.dassie.version.Versions;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.attribute.FileTime;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Whole trees, in and out, as one stream each.
final class TarResource {
  private static final String TAR = "/api/v1/projects/{project}/repos/{repo}/commits/{commit}/tar";

  private final Versions versions;
  private final Files files;
  private final VersionJson json;

  TarResource(Versions versions, Files files) {
    this.versions = versions;
    this.files = files;
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    return List.of(
        Route.post(TAR, "put_tar", "Puts the files of a tar beneath a path, as one commit.")
            .with(Route.PATH)
            .flag("append", "Each file behind the bytes that are there.")
            .text(
                "expect",
                "Refuses unless it stands on this commit: an id as in `Dassie-Commit`, or `none`.")
            .taking(Route.Body.TAR)
            .json("Commit", this::put),
        Route.get(TAR, "get_tar", "A tar of everything beneath a path, named from there.")
            .with(Route.PATH)
            .bytes(Route.Form.TAR, this::get));
  }

  private void put(Exchange exchange) throws IOException {
    FilePath folder = Place.path(exchange);
    boolean append = exchange.flag("append");
    boolean gzip = isGzip(exchange);
    Call call = exchange.call();
    Optional<Commit> first = versions.remembered(call, Reply.COMMIT);
    if (first.isPresent()) {
      exchange.drain();
      exchange.reply(json.commit(first.get()));
      return;
    }
    Optional<String> expected = exchange.text("expect");
    try (FileWriter writer = ContentResource.writer(exchange, files, call)) {
      expected.ifPresent(text ->
          writer.onlyOnto(
              text.equals("none") ? Optional.empty() : Optional.of(new CommitId(text))));
      long _ = new TarReader(exchange.body(), gzip).read(new Target(writer, folder, append));
      exchange.reply(json.commit(writer.commit()));
    }
  }

  /// Where the files of a tar go.
  private record Target(FileWriter writer, FilePath folder, boolean append)
      implements TarReader.Sink {
    @Override
    public void put(FilePath path, boolean executable, InputStream bytes) {
      Body _ = writer.put(path.under(folder), executable, bytes, append, Optional.empty());
    }

    @Override
    public void delete(FilePath path) {
      writer.delete(path.under(folder));
    }
  }

  static boolean isGzip(Exchange exchange) {
    Optional<String> encoding = exchange.header("Content-Encoding");
    if (encoding.isPresent()
        && !encoding.get().equals("gzip")
        && !encoding.get().equals("identity")) {
      throw new Fault.Invalid(
              "The header `Content-Encoding`", encoding.get(), "`gzip` or no such header")
          .asException();
    }
    return encoding.filter("gzip"::equals).isPresent();
  }

  private void get(Exchange exchange) throws IOException {
    FilePath folder = Place.path(exchange);
    Shown shown = Shown.open(exchange, versions);
    Entry top = shown.entry(folder);
    OutputStream out = exchange.replyBytes("application/x-tar", -1);
    if (exchange.isHead()) {
      exchange.replyHead();
      return;
    }
    FileTime time = FileTime.from(time(shown.view().commit()));
    FilePath base = top instanceof Entry.File ? folder.parent() : folder;
    TarArchiveOutputStream tar =
        new TarArchiveOutputStream(new Kept(out), 512, StandardCharsets.UTF_8.name());
    tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
    tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
    tar.setAddPaxHeadersForNonAsciiNames(true);
    Iterator<Entry.File> all = shown.reader().walk(shown.files(), folder, Optional.empty());
    while (all.hasNext()) {
      Entry.File file = all.next();
      TarArchiveEntry entry =
          new TarArchiveEntry(ContentResource.beneath(base, file.path()).value(), true);
      entry.setSize(file.size());
      entry.setMode(file.executable() ? 0100755 : 0100644);
      entry.setLastModifiedTime(time);
      tar.putArchiveEntry(entry);
      try (InputStream bytes = shown.reader().open(file)) {
        ContentResource.copy(bytes, tar);
      }
      tar.closeArchiveEntry();
    }
    tar.finish();
    tar.flush();
    // Only now the reply ends: one that breaks off before must not look whole.
    out.close();
  }

  private static java.time.Instant time(Commit commit) {
    return switch (commit.state()) {
      case Commit.Finished finished -> finished.at();
      case Commit.Failed failed -> failed.at();
      case Commit.Open _ -> commit.started();
    };
  }

  /// Keeps the reply open when the tar is closed, and passes whole blocks on.
  private static final class Kept extends FilterOutputStream {
    Kept(OutputStream out) {
      super(out);
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
    }

    @Override
    public void close() throws IOException {
      flush();
    }
  }
}
