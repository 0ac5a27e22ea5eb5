package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Files;
import dev.dassie.version.References;
import dev.dassie.version.Reply;
import dev.dassie.version.Versions;
import java.util.List;
import java.util.Optional;

/// Files that stay where they are, and their way in.
final class ReferencesResource {
  private static final String COMMIT = "/api/v1/projects/{project}/repos/{repo}/commits/{commit}";

  private final Versions versions;
  private final Files files;
  private final References references;
  private final VersionJson json;

  ReferencesResource(Versions versions, Files files, References references) {
    this.versions = versions;
    this.files = files;
    this.references = references;
    this.json = new VersionJson(versions);
  }

  List<Route> routes() {
    return List.of(
        Route.post(
                COMMIT + "/references",
                "put_reference",
                "Puts a file or a folder without its bytes, which stay where they are.")
            .taking(Route.Body.json("NewReference"))
            .json("Commit", this::put),
        Route.post(COMMIT + "/adopt", "adopt_files", "Copies the bytes of references in.")
            .with(Route.PATH)
            .json("Commit", this::adopt));
  }

  private void put(Exchange exchange) throws java.io.IOException {
    Fields body = exchange.json().only("path", "location", "recursive");
    String location = body.required("location");
    boolean recursive = body.flag("recursive");
    FilePath path = FilePath.parse(body.required("path"));
    if (!recursive && path.isRoot()) {
      throw new Fault.Invalid("The path", "/", "a file's path").asException();
    }
    Call call = exchange.call();
    if (answered(exchange, call)) {
      return;
    }
    try (FileWriter writer = ContentResource.writer(exchange, files, call)) {
      references.put(writer, path, location, recursive);
      exchange.reply(json.commit(writer.commit()));
    }
  }

  /// Makes no commit where nothing is to be copied.
  private void adopt(Exchange exchange) {
    Call call = exchange.call();
    if (answered(exchange, call)) {
      return;
    }
    Shown shown = Shown.open(exchange, versions);
    FilePath path = Place.path(exchange);
    Entry _ = shown.entry(path);
    try (FileWriter writer = ContentResource.writer(exchange, files, call)) {
      long copied = references.adopt(writer, shown.view(), path);
      exchange.reply(json.commit(copied == 0 ? shown.view().commit() : writer.commit()));
    }
  }

  private boolean answered(Exchange exchange, Call call) {
    Optional<Commit> first = versions.remembered(call, Reply.COMMIT);
    first.ifPresent(commit -> exchange.reply(json.commit(commit)));
    return first.isPresent();
  }
}
