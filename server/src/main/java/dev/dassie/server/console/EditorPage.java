package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.job.Previews;
import dev.dassie.lineage.plan.Outlook;
import dev.dassie.pipeline.Draft;
import dev.dassie.pipeline.Pipeline;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.server.http.EditedSpecs;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.CommitName;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Writes and changes specs. Before anything is made the page says what is wrong, which datums
/// there would be and what would run.
final class EditorPage {
  private static final int DATUMS = 10;
  private static final String FIRST =
      """
      pipeline: {name: my-pipeline}
      description: What it is for
      input:
        pfs: {repo: my-repo, glob: "/*"}
      transform:
        cmd: [sh, -c, "cp /pfs/my-repo/* /pfs/out/"]
      """;

  private final Dassie dassie;
  private final EditedSpecs specs;
  private final Screen screen;

  EditorPage(Dassie dassie, Screen screen) {
    this.dassie = dassie;
    this.specs = new EditedSpecs(dassie.versions(), dassie.pipelines());
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.get("/pipelines/new", this::fresh, "project"),
        screen.get("/pipelines/{project}/{name}/edit", this::edit, "version"),
        screen.post("/pipelines/check", this::check),
        screen.post("/pipelines/save", this::save));
  }

  private void fresh(Exchange exchange) {
    String project = exchange.text("project").orElse(RepoName.DEFAULT_PROJECT);
    show(exchange, Asked.of(project, FIRST, false), Found.NOTHING);
  }

  private void edit(Exchange exchange) {
    Pipeline pipeline =
        dassie
            .pipelines()
            .inspect(Place.project(exchange), Names.check("pipeline", exchange.path("name")));
    Optional<String> version = exchange.text("version");
    CommitName spec =
        version.isPresent()
            ? dassie.versions().resolve(pipeline.spec().specRepo(), version.get()).name()
            : pipeline.specCommit();
    String text = dassie.pipelines().text(spec);
    show(exchange, Asked.of(pipeline.spec().project(), text, true), Found.NOTHING);
  }

  /// What the form sends.
  private record Asked(String project, String text, boolean update) {
    static Asked of(String project, String text, boolean update) {
      return new Asked(Names.check("project", project), text, update);
    }

    static Asked read(Exchange exchange) throws IOException {
      Map<String, String> form = exchange.form();
      return of(
          form.getOrDefault("project", RepoName.DEFAULT_PROJECT),
          form.getOrDefault("spec", "").replace("\r\n", "\n"),
          form.getOrDefault("update", "").equals("true"));
    }
  }

  /// What a look at it found.
  private record Found(
      Optional<Fault> fault,
      Optional<Outlook> outlook,
      List<Previews.Item> datums,
      boolean more,
      List<String> unused) {
    static final Found NOTHING =
        new Found(Optional.empty(), Optional.empty(), List.of(), false, List.of());

    static Found refused(Fault fault) {
      return new Found(Optional.of(fault), Optional.empty(), List.of(), false, List.of());
    }
  }

  private void check(Exchange exchange) throws IOException {
    Asked asked = Asked.read(exchange);
    try {
      show(exchange, asked, look(exchange, asked));
    } catch (DassieException e) {
      show(exchange, asked, Found.refused(e.fault()));
    }
  }

  private Found look(Exchange exchange, Asked asked) {
    List<Draft> drafts = specs.read(asked.text(), asked.project());
    Outlook outlook = dassie.plans().pipelines(exchange.call(), drafts, false);
    Draft first = drafts.getFirst();
    List<Previews.Item> datums = new ArrayList<>();
    boolean more;
    try (Previews.Preview preview =
        dassie.previews().of(first.spec(), first.source().map(Fileset::hash))) {
      while (datums.size() < DATUMS && preview.datums().hasNext()) {
        datums.add(preview.datums().next());
      }
      more = preview.datums().hasNext();
    }
    List<String> unused =
        drafts.stream().map(Draft::spec).flatMap(spec -> spec.unused().stream()).toList();
    return new Found(Optional.empty(), Optional.of(outlook), datums, more, unused);
  }

  private void save(Exchange exchange) throws IOException {
    Asked asked = Asked.read(exchange);
    List<Pipeline> made;
    try {
      List<Draft> drafts = specs.read(asked.text(), asked.project());
      made =
          asked.update()
              ? dassie.pipelines().update(exchange.call(), drafts, false)
              : dassie.pipelines().create(exchange.call(), drafts);
    } catch (DassieException e) {
      show(exchange, asked, Found.refused(e.fault()));
      return;
    }
    PipelineSpec spec = made.getFirst().spec();
    exchange.redirect(Links.pipeline(spec.project(), spec.name()));
  }

  private void show(Exchange exchange, Asked asked, Found found) {
    List<String> problems =
        found
            .fault()
            .filter(Fault.InvalidDocument.class::isInstance)
            .map(Fault.InvalidDocument.class::cast)
            .map(document ->
                document.problems().stream()
                    .map(one ->
                        "Line %d, column %d: %s%s"
                            .formatted(
                                one.line(),
                                one.column(),
                                one.message(),
                                one.hint().map(hint -> " " + hint).orElse("")))
                    .toList())
            .orElse(List.of());
    screen.show(
        exchange,
        "editor",
        screen.frame(
            asked.update() ? "Edit a pipeline" : "New pipeline",
            "pipelines",
            false,
            "Pipelines",
            "/pipelines",
            asked.update() ? "Edit" : "New"),
        Map.of(
            "project", asked.project(),
            "text", asked.text(),
            "update", asked.update(),
            "fault", found.fault(),
            "problems", problems,
            "outlook", found.outlook(),
            "datums", found.datums(),
            "more", found.more(),
            "unused", found.unused()));
  }
}
