package dev.dassie.server.http;

import dev.dassie.api.Percent;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import java.util.Optional;

/// The files that a read shows, and the headers that say which commit they are of.
public record Shown(ReadView view, Filesets reader) {
  /// Opens what `{commit}` shows and sets `Dassie-Commit` and `Dassie-Note`.
  public static Shown open(Exchange exchange, Versions versions) {
    ReadView view = versions.read(Place.repo(exchange), exchange.path("commit"));
    exchange.header("Dassie-Commit", view.commit().name().id().value());
    view.note().ifPresent(note -> exchange.header("Dassie-Note", Percent.encode(note)));
    return new Shown(view, view.reader());
  }

  public Fileset files() {
    return view.files();
  }

  /// What the path names, or a refusal.
  public Entry entry(FilePath path) {
    return reader
        .find(view.files(), path)
        .orElseThrow(() ->
            new Fault.NotFound("file or directory", path.toString(), Optional.of(where()))
                .asException());
  }

  private String where() {
    return "It is not in `%s`.".formatted(view.commit().name());
  }
}
