package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Chunk;
import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Glob;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.Iterator;
import java.util.List;
import java.util.Optional;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.StreamSupport;

/// Names, sizes and hashes of files: everything but their bytes.
final class FilesResource {
  private static final String COMMIT = "/api/v1/projects/{project}/repos/{repo}/commits/{commit}";

  private final Versions versions;

  FilesResource(Versions versions) {
    this.versions = versions;
  }

  List<Route> routes() {
    return List.of(
        Route.get(COMMIT + "/files", "list_files", "One directory, by name; a file lists itself.")
            .with(Route.PATH)
            .list("File", this::list),
        Route.get(COMMIT + "/files/inspect", "get_file_facts", "One file or directory.")
            .with(Route.PATH)
            .json("File", this::inspect),
        Route.get(COMMIT + "/glob", "glob_files", "Files and directories that match a pattern.")
            .text("pattern", "A glob, e.g. `/images/*.png`.")
            .list("File", this::glob),
        Route.get(COMMIT + "/walk", "walk_files", "All files beneath a path, by path.")
            .with(Route.PATH)
            .list("File", this::walk),
        Route.get(
                COMMIT + "/chunks", "list_chunks", "The pieces of a file, to compare it with one.")
            .with(Route.PATH)
            .list("Chunk", this::chunks),
        Route.get(COMMIT + "/diff", "diff_files", "What changed from another commit to this.")
            .with(Compared.WITH, Route.PATH)
            .list("Difference", this::diff));
  }

  private void list(Exchange exchange) throws IOException {
    Shown shown = Shown.open(exchange, versions);
    FilePath path = Place.path(exchange);
    Entry _ = shown.entry(path);
    exchange.replyPage(
        new Page<>(
            after -> shown.reader().list(shown.files(), path, after),
            entry -> entry.path().name() + (entry instanceof Entry.Directory ? "/" : ""),
            entry -> FileJson.entry(entry, shown.files(), shown.reader())));
  }

  private void inspect(Exchange exchange) {
    Shown shown = Shown.open(exchange, versions);
    exchange.reply(
        FileJson.entry(shown.entry(Place.path(exchange)), shown.files(), shown.reader()));
  }

  private void glob(Exchange exchange) throws IOException {
    Glob glob = Glob.parse(exchange.required("pattern"));
    Shown shown = Shown.open(exchange, versions);
    exchange.replyPage(
        new Page<Entry>(
            after -> shown.reader().glob(shown.files(), glob, path(after)),
            entry -> entry.path().toString(),
            FileJson::entry));
  }

  private void walk(Exchange exchange) throws IOException {
    Shown shown = Shown.open(exchange, versions);
    FilePath path = Place.path(exchange);
    Entry _ = shown.entry(path);
    exchange.replyPage(
        new Page<Entry.File>(
            after -> shown.reader().walk(shown.files(), path, path(after)),
            entry -> entry.path().toString(),
            FileJson::entry));
  }

  private void chunks(Exchange exchange) throws IOException {
    Shown shown = Shown.open(exchange, versions);
    FilePath path = Place.file(exchange);
    if (!(shown.entry(path) instanceof Entry.File file)) {
      throw new Fault.Invalid("The path", path + "/", "a file, not a directory").asException();
    }
    exchange.replyPage(
        new Page<>(
            after -> {
              Iterator<Chunk> all = shown.reader().chunks(file.body());
              return after.isEmpty() ? all : behind(all, offset(after));
            },
            chunk -> Long.toString(chunk.offset()),
            FileJson::chunk));
  }

  private static long offset(String place) {
    if (!place.matches("[0-9]{1,18}")) {
      throw new Fault.Invalid("The cursor", place, "`next` of a page of chunks").asException();
    }
    return Long.parseLong(place);
  }

  private static Iterator<Chunk> behind(Iterator<Chunk> all, long offset) {
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(all, Spliterator.ORDERED), false)
        .dropWhile(chunk -> chunk.offset() <= offset)
        .iterator();
  }

  private static Optional<FilePath> path(String place) {
    return place.isEmpty() ? Optional.empty() : Optional.of(FilePath.parse(place));
  }

  private void diff(Exchange exchange) throws IOException {
    Compared compared = Compared.with(exchange, versions, Shown.open(exchange, versions));
    FilePath path = Place.path(exchange);
    exchange.replyPage(
        new Page<>(
            after -> past(compared.differences(path), after),
            difference -> difference.path().toString(),
            FileJson::difference));
  }

  /// The differences behind a path. Those before it are found again for each page: the cost follows
  /// the difference, not the repo.
  private static Iterator<Difference> past(Iterator<Difference> all, String after) {
    if (after.isEmpty()) {
      return all;
    }
    FilePath last = FilePath.parse(after);
    return StreamSupport.stream(
            Spliterators.spliteratorUnknownSize(all, Spliterator.ORDERED), false)
        .dropWhile(difference -> difference.path().compareTo(last) <= 0)
        .iterator();
  }
}
