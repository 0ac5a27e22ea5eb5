package dev.dassie.server.console;

import dev.dassie.api.Percent;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Glob;
import dev.dassie.server.console.preview.Kind;
import dev.dassie.server.console.preview.Parquets;
import dev.dassie.server.console.preview.Preview;
import dev.dassie.server.console.preview.Previews;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Shown;
import dev.dassie.version.BranchName;
import dev.dassie.version.Names;
import dev.dassie.version.PathHistory;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Function;

/// Directories and files of a commit. A page reads as much as it shows, whatever the repo holds.
final class FilePages {
  private static final int ENTRIES = 200;
  private static final int CHANGES = 50;
  private static final String AT = "/data/{project}/{repo}/{commit}";

  private final Versions versions;
  private final Screen screen;
  private final Parquets parquets = new Parquets();

  FilePages(Versions versions, Screen screen) {
    this.versions = versions;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get(AT, this::show, "path", "after", "name", "glob", "view", "from"),
        screen.get(AT + "/history", this::history, "path", "after"));
  }

  private void show(Exchange exchange) throws IOException {
    Shown shown = Shown.open(exchange, versions);
    FilePath path = Place.path(exchange);
    Entry entry = shown.entry(path);
    At at =
        At.of(versions, shown.view().commit(), exchange.path("commit"), path, shown.view().note());
    switch (entry) {
      case Entry.Directory directory -> directory(exchange, shown, at, directory);
      case Entry.File file -> file(exchange, shown, at, file);
    }
  }

  private void directory(Exchange exchange, Shown shown, At at, Entry.Directory directory) {
    Optional<String> glob = exchange.text("glob");
    Optional<String> name = exchange.text("name");
    String after = Screen.kept(exchange, "after");
    List<Entry> entries = new ArrayList<>();
    Iterator<Entry> all;
    if (glob.isPresent()) {
      Optional<FilePath> last =
          after.isEmpty() ? Optional.empty() : Optional.of(FilePath.parse(after));
      all = shown.reader().glob(shown.files(), Glob.parse(glob.get()), last);
    } else if (name.isPresent() && after.isEmpty()) {
      Optional<Entry> exact = exact(shown, at.path(), name.get());
      exact.ifPresent(entries::add);
      // A file and a directory of one name cannot both be there, so nothing is listed twice.
      String behind = exact.map(FilePages::listed).orElse(name.get());
      all = shown.reader().list(shown.files(), at.path(), behind);
    } else {
      all = shown.reader().list(shown.files(), at.path(), after);
    }
    while (entries.size() < ENTRIES && all.hasNext()) {
      entries.add(all.next());
    }
    if (after.isEmpty() && name.isEmpty() && glob.isEmpty() && !all.hasNext()) {
      // All of it is here; where it comes in pages it is in the order of the store.
      entries.sort(Comparator.comparing(entry -> entry.path().name(), NaturalOrder.NAMES));
    }
    Function<Entry, String> place =
        glob.isPresent() ? entry -> entry.path().toString() : FilePages::listed;
    Optional<String> next =
        all.hasNext() ? Optional.of(place.apply(entries.getLast())) : Optional.empty();
    screen.show(
        exchange,
        "files",
        frame(at, true),
        Map.of(
            "at",
            at,
            "directory",
            directory,
            "entries",
            entries,
            "glob",
            glob.orElse(""),
            "name",
            name.orElse(""),
            "upload",
            glob.isEmpty() ? upload(at) : "",
            "first",
            after.isEmpty() && name.isEmpty(),
            "next",
            next));
  }

  /// Where files put here go: empty where users do not write.
  private String upload(At at) {
    boolean writable =
        !Names.isCommitId(at.place())
            && at.place().matches("[A-Za-z0-9_-]{1,63}")
            && versions
                .findRef(new BranchName(at.repo(), at.place()))
                .filter(ref -> ref instanceof Ref.Branch branch && branch.provenance().isEmpty())
                .isPresent();
    return writable
        ? "/api/v1/projects/%s/repos/%s/commits/%s/tar?path=%s"
            .formatted(
                at.repo().project(),
                at.repo().local(),
                at.place(),
                Percent.encode(at.path().toString()))
        : "";
  }

  private static Optional<Entry> exact(Shown shown, FilePath directory, String name) {
    return name.contains("/") || FilePath.check(name).isPresent()
        ? Optional.empty()
        : shown.reader().find(shown.files(), directory.child(name));
  }

  /// As a directory's list orders it.
  private static String listed(Entry entry) {
    return entry.path().name() + (entry instanceof Entry.Directory ? "/" : "");
  }

  private void file(Exchange exchange, Shown shown, At at, Entry.File file) throws IOException {
    Optional<Kind> asked = exchange.text("view").map(FilePages::kind);
    long from = exchange.number("from", 0, Math.max(0, file.size() - 1), 0);
    Previews.Bytes bytes = (offset, length) -> read(shown, file, offset, length);
    Optional<Kind> kind = asked.or(() -> Kind.of(file.path().name()));
    Preview preview =
        file.size() > 0 && kind.equals(Optional.of(Kind.PARQUET))
            ? parquets.of(file.size(), bytes)
            : Previews.of(file.path().name(), file.size(), asked, from, bytes);
    screen.show(
        exchange,
        "file",
        frame(at, false),
        Map.of(
            "at", at,
            "file", file,
            "preview", preview,
            "views", views(file, preview),
            "type", shown.reader().contentType(shown.files(), file.path())));
  }

  private static Kind kind(String word) {
    return Kind.parse(word)
        .orElseThrow(() ->
            new Fault.Invalid(
                    "The query parameter `view`",
                    word,
                    "one of `" + String.join("`, `", Kind.words().stream().sorted().toList()) + "`")
                .asException());
  }

  static byte[] read(Shown shown, Entry.File file, long offset, int length) throws IOException {
    int most = (int) Math.min(length, file.size() - offset);
    try (InputStream in = shown.reader().open(file.body(), offset, most)) {
      return in.readNBytes(most);
    }
  }

  private static List<FileView> views(Entry.File file, Preview preview) {
    List<FileView> views = new ArrayList<>();
    Kind.of(file.path().name())
        .ifPresent(kind ->
            views.add(
                new FileView(
                    "",
                    kind == Kind.TABLE || kind == Kind.PARQUET ? "Table" : "Preview",
                    !(preview instanceof Preview.Text) && !(preview instanceof Preview.Hex))));
    views.add(new FileView("text", "Text", preview instanceof Preview.Text));
    views.add(new FileView("hex", "Hex", preview instanceof Preview.Hex));
    return views;
  }

  private void history(Exchange exchange) {
    Shown shown = Shown.open(exchange, versions);
    FilePath path = Place.path(exchange);
    At at =
        At.of(versions, shown.view().commit(), exchange.path("commit"), path, shown.view().note());
    String after = Screen.kept(exchange, "after");
    Optional<dev.dassie.version.CommitName> start =
        after.isEmpty()
            ? Optional.of(at.commit().name())
            : versions
                .resolve(at.repo(), after)
                .parent()
                .map(id -> new dev.dassie.version.CommitName(at.repo(), id));
    Iterator<PathHistory.Found> all =
        start
            .<Iterator<PathHistory.Found>>map(name -> new PathHistory(versions, name, path))
            .orElseGet(Collections::emptyIterator);
    List<PathHistory.Found> found = new ArrayList<>();
    while (found.size() < CHANGES && all.hasNext()) {
      found.add(all.next());
    }
    Optional<String> next =
        all.hasNext()
            ? Optional.of(found.getLast().commit().name().id().value())
            : Optional.empty();
    screen.show(
        exchange,
        "history",
        frame(at, true, "History"),
        Map.of("at", at, "found", found, "next", next));
  }

  Frame frame(At at, boolean live, String... page) {
    return frame(screen, at, live, page);
  }

  /// The way to a path, part by part.
  static Frame frame(Screen screen, At at, boolean live, String... page) {
    RepoName repo = at.repo();
    List<String> crumbs =
        new ArrayList<>(
            List.of(
                "Data", "/data", repo.toString(), Links.repo(repo), at.shortPlace(), at.files()));
    FilePath path = FilePath.ROOT;
    for (String part : at.path().parts()) {
      path = path.child(part);
      crumbs.add(part);
      crumbs.add(at.link(path));
    }
    crumbs.addAll(List.of(page));
    if (page.length == 0) {
      crumbs.set(crumbs.size() - 1, "");
    }
    String title = at.path().isRoot() ? repo + "@" + at.place() : at.path().name();
    return screen.frame(title, "data", live, crumbs.toArray(String[]::new));
  }
}
