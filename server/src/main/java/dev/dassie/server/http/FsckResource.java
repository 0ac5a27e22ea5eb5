package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.DassieException;
import dev.dassie.retention.Finding;
import dev.dassie.retention.FsckReport;
import dev.dassie.retention.Retention;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Checks of all that is stored.
final class FsckResource {
  private final Retention retention;

  FsckResource(Retention retention) {
    this.retention = retention;
  }

  List<Route> routes() {
    return List.of(
        Route.post("/api/v1/fsck", "check_store", "Checks every record and every stored byte.")
            .flag("repair", "Repair first what can be repaired.")
            .text(
                "copy",
                "A copy of the store to repair from: a folder of the server, or `s3://BUCKET[/PREFIX]`.")
            .lines("Finding", this::check));
  }

  /// A line for each damage as it is found, and a last one that sums up.
  private void check(Exchange exchange) throws IOException {
    Optional<String> copy = exchange.text("copy");
    Lines lines = exchange.lines();
    Follower follower = new Follower(lines);
    try {
      FsckReport report =
          copy.isPresent() || exchange.flag("repair")
              ? retention.repair(copy, follower)
              : retention.fsck(follower);
      lines.send(json(report, copy.isPresent()));
    } catch (DassieException e) {
      lines.fail(e);
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
    lines.end();
  }

  /// Writes findings as they come, and an empty line now and then, so that the check ends when its
  /// client has gone.
  private static final class Follower implements FsckReport.Listener {
    private static final long BEAT = Duration.ofSeconds(5).toNanos();

    private final Lines lines;
    private long last = System.nanoTime();

    Follower(Lines lines) {
      this.lines = lines;
    }

    @Override
    public void found(Finding finding) {
      try {
        lines.send(json(finding));
        lines.flush();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void alive() {
      if (System.nanoTime() - last < BEAT) {
        return;
      }
      last = System.nanoTime();
      try {
        lines.beat();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }
  }

  private static ObjectNode json(Finding finding) {
    return Json.object()
        .put("kind", finding.kind())
        .put("repo", finding.repo())
        .put("commit", finding.commit())
        .put("path", finding.path())
        .put("pack", finding.pack())
        .put("also", finding.also())
        .put("message", finding.message());
  }

  private static ObjectNode json(FsckReport report, boolean copied) {
    ObjectNode json =
        Json.object()
            .put("kind", "summary")
            .put("packs", report.packs())
            .put("commits", report.commits())
            .put("findings", report.findings());
    report
        .repaired()
        .ifPresent(done ->
            json.putObject("repaired")
                .put("packs", done.packs())
                .put("chunks", done.chunks())
                .put("records", done.records()));
    report.hint(copied).ifPresent(hint -> json.put("hint", hint));
    return json;
  }
}
