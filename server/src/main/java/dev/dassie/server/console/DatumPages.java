package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.api.Percent;
import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.DatumView;
import dev.dassie.job.Ending;
import dev.dassie.job.JobName;
import dev.dassie.job.Pending;
import dev.dassie.job.Result;
import dev.dassie.job.RunContext;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Waits;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// One datum of a job, and what its tries wrote.
final class DatumPages {
  private static final int FILES = 100;
  private static final String ONE = "/jobs/{project}/{pipeline}/{job}/datums/{datum}";

  private final Dassie dassie;
  private final Screen screen;
  private final LiveLog live;

  DatumPages(Dassie dassie, Screen screen, Waits waits) {
    this.dassie = dassie;
    this.screen = screen;
    this.live = new LiveLog(dassie.jobs(), waits);
  }

  List<Route> routes() {
    return List.of(
        screen.get(ONE, this::show, "try", "from", "find"),
        screen.get(ONE + "/log", this::download, "try"),
        Route.page(
            "GET",
            ONE + "/live",
            List.of(),
            exchange ->
                live.follow(
                    exchange, JobNames.of(exchange, dassie.versions()), exchange.path("datum"))),
        screen.post(ONE + "/restart", this::restart));
  }

  private void show(Exchange exchange) throws IOException {
    JobName name = JobNames.of(exchange, dassie.versions());
    DatumView datum = dassie.jobs().datum(name, exchange.path("datum"));
    boolean good =
        datum.state() == DatumView.State.SUCCESS || datum.state() == DatumView.State.SKIPPED;
    Optional<Result> result =
        good ? dassie.results().find(Digest.parse(datum.key())) : Optional.empty();
    boolean open = !dassie.jobs().inspect(name).state().ended();
    Map<String, Object> parameters = new HashMap<>();
    parameters.put("datum", datum);
    parameters.put("answer", dassie.reasons().datum(name, datum.id()));
    parameters.put("log", log(exchange, datum));
    parameters.put("word", word(name, datum));
    parameters.put("running", open && datum.state() == DatumView.State.WAITING);
    parameters.put("context", result.map(Result::context).map(this::context));
    parameters.put("outputs", result.flatMap(Result::output).map(this::outputs).orElse(List.of()));
    screen.show(
        exchange,
        "datum",
        screen.frame(
            "Datum " + Say.brief(datum.id()),
            "jobs",
            open,
            "Jobs",
            "/jobs",
            name.pipeline(),
            Links.pipeline(name.project(), name.pipeline()),
            Say.brief(name.id().value()),
            Links.job(name),
            "Datum " + Say.brief(datum.id())),
        parameters);
  }

  /// Its state; of one whose code is at work that it runs.
  private String word(JobName name, DatumView datum) {
    boolean runs =
        datum.state() == DatumView.State.WAITING
            && dassie
                .jobs()
                .pending(name, Digest.parse(datum.key()))
                .filter(Pending.Runs.class::isInstance)
                .isPresent();
    return runs ? "running" : datum.state().word();
  }

  private RunContext context(Digest digest) {
    return dassie.jobs().reader().context(digest);
  }

  /// What a try wrote, of the last one unless another is asked for.
  private Optional<LogView> log(Exchange exchange, DatumView datum) throws IOException {
    if (datum.tries().isEmpty()) {
      return Optional.empty();
    }
    int number = number(exchange, datum);
    Ending.Try one = datum.tries().get(number - 1);
    Optional<Long> from =
        exchange
            .text("from")
            .map(text -> exchange.number("from", 0, Math.max(0, one.log().size()), 0));
    String find = Screen.kept(exchange, "find");
    return Optional.of(
        LogView.of(new Filesets(dassie.versions().chunks()), one.log(), number, from, find));
  }

  private static int number(Exchange exchange, DatumView datum) {
    int tries = datum.tries().size();
    return (int) exchange.number("try", 1, tries, tries);
  }

  private void download(Exchange exchange) throws IOException {
    JobName name = JobNames.of(exchange, dassie.versions());
    DatumView datum = dassie.jobs().datum(name, exchange.path("datum"));
    if (datum.tries().isEmpty()) {
      throw new Fault.NotFound(
              "log of the datum", datum.id(), Optional.of("It is stored when the datum ends."))
          .asException();
    }
    int number = number(exchange, datum);
    Ending.Try one = datum.tries().get(number - 1);
    String file = "%s-%s-try-%d.log".formatted(name.pipeline(), Say.brief(datum.id()), number);
    exchange.header("Content-Security-Policy", RawFiles.POLICY);
    exchange.header("Cache-Control", "no-cache");
    exchange.header("Content-Disposition", "attachment; filename*=UTF-8''" + Percent.encode(file));
    OutputStream out = exchange.replyBytes("text/plain; charset=utf-8", one.log().size());
    if (exchange.isHead()) {
      exchange.replyHead();
      return;
    }
    try (InputStream in = new Filesets(dassie.versions().chunks()).open(one.log())) {
      long _ = in.transferTo(out);
    }
    out.close();
  }

  private void restart(Exchange exchange) throws IOException {
    DatumView datum =
        dassie.jobs().restart(JobNames.of(exchange, dassie.versions()), exchange.path("datum"));
    exchange.drain();
    exchange.redirect(Links.datum(datum.job(), datum.id()));
  }

  private List<Entry.File> outputs(Fileset output) {
    List<Entry.File> files = new ArrayList<>();
    Iterator<Entry.File> all =
        new Filesets(dassie.versions().chunks()).walk(output, FilePath.ROOT, Optional.empty());
    while (all.hasNext() && files.size() < FILES) {
      files.add(all.next());
    }
    return files;
  }
}
