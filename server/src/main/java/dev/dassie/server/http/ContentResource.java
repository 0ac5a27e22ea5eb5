package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.split.Split;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Files;
import dev.dassie.version.Names;
import dev.dassie.version.ReadView;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.regex.Pattern;

/// The bytes of files, in and out.
final class ContentResource {
  private static final String COMMIT = "/api/v1/projects/{project}/repos/{repo}/commits/{commit}";
  private static final String BYTES = "application/octet-stream";

  /// A media type with parameters (RFC 9110, section 8.3), roughly; it is sent back as it is.
  private static final Pattern MEDIA_TYPE =
      Pattern.compile("[A-Za-z0-9!#$&^_.+-]{1,100}/[A-Za-z0-9!#$&^_.+-]{1,100}(;[ -~]{1,100})?");

  private static final int BUFFER = 256 << 10;

  private final Versions versions;
  private final Files files;
  private final VersionJson json;

  ContentResource(Versions versions, Files files) {
    this.versions = versions;
    this.files = files;
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    return List.of(
        Route.put(COMMIT + "/file", "put_file", "Puts one file to a branch or an open commit.")
            .with(Route.PATH)
            .flag("append", "Behind the bytes that are there.")
            .flag("executable", "Whether it can be run.")
            .with(Splits.PARAMETERS)
            .taking(Route.Body.BYTES)
            .json("Commit", this::put),
        Route.get(COMMIT + "/file", "get_file", "The bytes of one file; `Range` gets a part.")
            .with(Route.PATH)
            .bytes(Route.Form.BYTES, this::get),
        Route.delete(COMMIT + "/file", "delete_file", "Removes a file or a whole directory.")
            .with(Route.PATH)
            .json("Commit", this::delete),
        Route.post(COMMIT + "/copy", "copy_file", "Copies a file or directory; no bytes move.")
            .taking(Route.Body.json("NewCopy"))
            .json("Commit", this::copy));
  }

  /// A writer for what `{commit}` means in a write: an open commit by its id, else a branch.
  static FileWriter writer(Exchange exchange, Files files, Call call) {
    RepoName repo = Place.repo(exchange);
    String place = exchange.path("commit");
    return Names.isCommitId(place)
        ? files.write(call, new CommitName(repo, new CommitId(place)))
        : files.write(call, new BranchName(repo, Names.check("branch", place)));
  }

  private void put(Exchange exchange) throws IOException {
    FilePath path = Place.file(exchange);
    boolean append = exchange.flag("append");
    boolean executable = exchange.flag("executable");
    Optional<String> contentType = contentType(exchange);
    Optional<Split> split = Splits.read(exchange);
    if (split.isPresent() && (append || executable)) {
      throw new Fault.Invalid(
              "The query parameter `split`", "given", "none beside `append` or `executable`")
          .asException();
    }
    try (FileWriter writer = writer(exchange, files, exchange.call())) {
      Offered offered = new Offered(exchange);
      InputStream bytes = offered.measured(exchange.body());
      if (split.isPresent()) {
        writer.putParts(path, bytes, split.get(), contentType);
      } else {
        writer.put(path, executable, bytes, append, contentType);
      }
      offered.check();
      exchange.reply(json.commit(writer.commit()));
    }
  }

  private static Optional<String> contentType(Exchange exchange) {
    Optional<String> given =
        exchange.header("Content-Type").filter(type -> !type.equals(BYTES) && !type.isEmpty());
    given
        .filter(type -> !MEDIA_TYPE.matcher(type).matches())
        .ifPresent(type -> {
          throw new Fault.Invalid("The header `Content-Type`", type, "a media type").asException();
        });
    return given;
  }

  private void get(Exchange exchange) throws IOException {
    FilePath path = Place.file(exchange);
    Shown shown = Shown.open(exchange, versions);
    Entry entry = shown.entry(path);
    if (!(entry instanceof Entry.File file)) {
      throw new Fault.Invalid(
              "The path",
              path + "/",
              "a file, not a directory",
              Optional.of("`tar` in place of `file` gets all beneath it."))
          .asException();
    }
    String etag = "\"" + file.hash() + "\"";
    exchange.header("ETag", etag);
    exchange.header("Accept-Ranges", "bytes");
    // A file is somebody's bytes: a browser must never run them as a page of this server.
    exchange.header("Content-Security-Policy", "sandbox; default-src 'none'");
    if (exchange.header("If-None-Match").filter(tags -> matches(tags, etag)).isPresent()) {
      exchange.status(304);
      exchange.replyHead();
      return;
    }
    boolean ranged = exchange.header("If-Range").map(etag::equals).orElse(true);
    Range.Asked asked = Range.read(exchange.header("Range").filter(range -> ranged), file.size());
    switch (asked) {
      case Range.Beyond _ ->
          exchange.replyProblem(
              416,
              "The range is `%s`, expected one within the %d bytes of the file."
                  .formatted(exchange.header("Range").orElse(""), file.size()),
              "Content-Range",
              "bytes */" + file.size());
      case Range.Whole _ -> send(exchange, shown, file, new Range(0, file.size()));
      case Range.Part part -> {
        Range range = part.range();
        exchange.status(206);
        exchange.header(
            "Content-Range",
            "bytes %d-%d/%d"
                .formatted(range.offset(), range.offset() + range.length() - 1, file.size()));
        send(exchange, shown, file, range);
      }
    }
  }

  private static boolean matches(String tags, String etag) {
    for (String tag : tags.split(",", -1)) {
      String plain = tag.strip();
      if (plain.equals("*") || plain.equals(etag) || plain.equals("W/" + etag)) {
        return true;
      }
    }
    return false;
  }

  private static void send(Exchange exchange, Shown shown, Entry.File file, Range range)
      throws IOException {
    String contentType = shown.reader().contentType(shown.files(), file.path()).orElse(BYTES);
    OutputStream out = exchange.replyBytes(contentType, range.length());
    if (exchange.isHead()) {
      exchange.replyHead();
      return;
    }
    try (InputStream in = shown.reader().open(file, range.offset(), range.length())) {
      copy(in, out);
    }
    out.close();
  }

  /// Copies to the end; neither stream is closed.
  static void copy(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[BUFFER];
    for (int count = in.read(buffer); count >= 0; count = in.read(buffer)) {
      out.write(buffer, 0, count);
    }
  }

  private void delete(Exchange exchange) {
    Call call = exchange.call();
    Optional<Commit> first = versions.remembered(call, Reply.COMMIT);
    if (first.isPresent()) {
      exchange.reply(json.commit(first.get()));
      return;
    }
    FilePath path = FilePath.parse(exchange.required("path"));
    try (FileWriter writer = writer(exchange, files, call)) {
      Entry _ = Shown.open(exchange, versions).entry(path);
      writer.delete(path);
      exchange.reply(json.commit(writer.commit()));
    }
  }

  private void copy(Exchange exchange) throws IOException {
    Optional<Commit> first = versions.remembered(exchange.call(), Reply.COMMIT);
    if (first.isPresent()) {
      exchange.reply(json.commit(first.get()));
      return;
    }
    Fields body = exchange.json().only("from", "to", "append");
    Fields from = body.object("from").only("project", "repo", "commit", "path");
    FilePath source = FilePath.parse(from.required("path"));
    FilePath to = FilePath.parse(body.required("to"));
    boolean append = body.flag("append");
    RepoName repo =
        Place.repo(from.text("project").orElse(Place.project(exchange)), from.required("repo"));
    ReadView view = versions.read(repo, from.text("commit").orElse(BranchName.DEFAULT_BRANCH));
    try (FileWriter writer = writer(exchange, files, exchange.call())) {
      if (view.commit().isOpen()) {
        copyFiles(view, source, writer, to, append);
      } else {
        writer.copy(view.files(), source, to, append);
      }
      exchange.reply(json.commit(writer.commit()));
    }
  }

  /// Directories of an open commit are stored nowhere yet, so its files are taken one by one.
  private static void copyFiles(
      ReadView view, FilePath source, FileWriter writer, FilePath to, boolean append) {
    Shown shown = new Shown(view, view.reader());
    boolean single = shown.entry(source) instanceof Entry.File;
    Iterator<Entry.File> all = shown.reader().walk(view.files(), source, Optional.empty());
    while (all.hasNext()) {
      Entry.File file = all.next();
      FilePath target = single ? to : beneath(source, file.path()).under(to);
      FileAttributes known = shown.reader().attributes(view.files(), file.path());
      writer.copy(
          view, file, target, append, append ? FileAttributes.ofType(known.contentType()) : known);
    }
  }

  /// A path as seen from a folder above it.
  static FilePath beneath(FilePath folder, FilePath path) {
    return folder.isRoot()
        ? path
        : new FilePath(path.value().substring(folder.value().length() + 1));
  }
}
