package dev.dassie.server.console;

import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.text.UnifiedDiff;
import dev.dassie.server.console.preview.Kind;
import dev.dassie.server.console.preview.TableDiff;
import dev.dassie.server.http.Compared;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Shown;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// What differs between two commits of a repo: which files, and within one file what.
final class DiffPage {
  private static final int FILES = 100;
  private static final int LINES = 3_000;

  private final Versions versions;
  private final Screen screen;

  DiffPage(Versions versions, Screen screen) {
    this.versions = versions;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get(
            "/data/{project}/{repo}/{commit}/diff", this::show, "with", "path", "after", "view"));
  }

  private void show(Exchange exchange) throws IOException {
    Shown shown = Shown.open(exchange, versions);
    Compared compared = Compared.with(exchange, versions, shown);
    FilePath path = Place.path(exchange);
    At at =
        At.of(versions, shown.view().commit(), exchange.path("commit"), path, shown.view().note());
    Iterator<Difference> all = compared.differences(path);
    if (!path.isRoot() && isFile(compared, path)) {
      file(exchange, at, compared, all);
      return;
    }
    String after = Screen.kept(exchange, "after");
    List<Difference> some = new ArrayList<>();
    while (some.size() < FILES && all.hasNext()) {
      Difference one = all.next();
      if (after.isEmpty() || one.path().compareTo(FilePath.parse(after)) > 0) {
        some.add(one);
      }
    }
    Optional<String> next =
        all.hasNext() ? Optional.of(some.getLast().path().toString()) : Optional.empty();
    screen.show(
        exchange,
        "diff",
        FilePages.frame(screen, at, false, "Diff"),
        Map.of(
            "at",
            at,
            "before",
            compared.before(),
            "with",
            Screen.kept(exchange, "with"),
            "changes",
            some,
            "first",
            after.isEmpty(),
            "next",
            next));
  }

  private static boolean isFile(Compared compared, FilePath path) {
    return compared
            .reader()
            .find(compared.now(), path)
            .filter(Entry.File.class::isInstance)
            .isPresent()
        || compared
            .reader()
            .find(compared.old(), path)
            .filter(Entry.File.class::isInstance)
            .isPresent();
  }

  private void file(Exchange exchange, At at, Compared compared, Iterator<Difference> all)
      throws IOException {
    Optional<Difference> difference = all.hasNext() ? Optional.of(all.next()) : Optional.empty();
    boolean asText = Screen.kept(exchange, "view").equals("text");
    Optional<Kind> kind = Kind.of(at.path().name());
    boolean image = kind.equals(Optional.of(Kind.IMAGE)) && !asText;
    Optional<TableDiff> table =
        difference.isPresent() && !asText && kind.equals(Optional.of(Kind.TABLE))
            ? table(compared, difference.get())
            : Optional.empty();
    List<DiffLine> lines =
        difference.isPresent() && !image && table.isEmpty()
            ? lines(compared, difference.get())
            : List.of();
    screen.show(
        exchange,
        "filediff",
        FilePages.frame(screen, at, false, "Diff"),
        Map.of(
            "at", at,
            "before", compared.before(),
            "with", Screen.kept(exchange, "with"),
            "difference", difference,
            "image", image,
            "table", table,
            "lines", lines,
            "cut", lines.size() == LINES));
  }

  private static Optional<TableDiff> table(Compared compared, Difference difference)
      throws IOException {
    if (difference.old().isEmpty() || difference.now().isEmpty()) {
      return Optional.empty();
    }
    Optional<byte[]> old = bytes(compared, difference.old().get());
    Optional<byte[]> now = bytes(compared, difference.now().get());
    return old.isPresent() && now.isPresent()
        ? TableDiff.of(difference.path().name(), old.get(), now.get())
        : Optional.empty();
  }

  private static Optional<byte[]> bytes(Compared compared, Entry.File file) throws IOException {
    if (file.size() > TableDiff.MAX_BYTES) {
      return Optional.empty();
    }
    try (InputStream in = compared.reader().open(file.body())) {
      return Optional.of(in.readNBytes(TableDiff.MAX_BYTES));
    }
  }

  private static List<DiffLine> lines(Compared compared, Difference difference) throws IOException {
    StringWriter text = new StringWriter();
    new UnifiedDiff(compared.reader(), text).write(difference);
    return text.toString().lines().skip(1).limit(LINES).map(DiffLine::of).toList();
  }
}
