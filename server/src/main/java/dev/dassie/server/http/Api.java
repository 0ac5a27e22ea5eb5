package dev.dassie.server.http;

import dev.dassie.Dassie;
import dev.dassie.version.Files;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// All routes of the server in one table.
public final class Api {
  private Api() {}

  /// @param status what `/api/v1/status` answers
  /// @param pages the routes of the console
  public static Router router(
      About about,
      Dassie dassie,
      Waits waits,
      List<Setting> settings,
      Supplier<ObjectNode> status,
      Metrics metrics,
      List<Route> pages) {
    List<Route> routes = new ArrayList<>(pages);
    SystemResource system =
        new SystemResource(about, settings, status, metrics, () -> OpenApi.document(about, routes));
    routes.addAll(system.routes());
    Versions versions = dassie.versions();
    Files files = dassie.files();
    Uploads uploads = new Uploads(versions);
    routes.addAll(new FeedResource(versions, waits).routes());
    routes.addAll(new ProjectsResource(versions).routes());
    routes.addAll(new ReposResource(versions).routes());
    routes.addAll(new BranchesResource(versions, dassie.gathering()).routes());
    routes.addAll(new TagsResource(versions).routes());
    routes.addAll(new MergeResource(versions, dassie.merges()).routes());
    routes.addAll(new CommitsResource(versions, files, waits).routes());
    routes.addAll(new FilesResource(versions).routes());
    routes.addAll(new ChangesResource(versions).routes());
    routes.addAll(new ContentResource(versions, files).routes());
    routes.addAll(new TarResource(versions, files).routes());
    routes.addAll(new ReferencesResource(versions, files, dassie.references()).routes());
    routes.addAll(uploads.routes());
    routes.addAll(new ArchiveResource(versions, dassie.archives()).routes());
    routes.addAll(
        new SpecsResource(dassie.pipelines(), dassie.previews(), dassie.executor()).routes());
    routes.addAll(
        new PipelinesResource(
                versions,
                dassie.pipelines(),
                dassie.crons(),
                dassie.jobs(),
                dassie.standing(),
                dassie.executor(),
                uploads)
            .routes());
    routes.addAll(new SecretsResource(dassie.secrets()).routes());
    routes.addAll(new AccessKeysResource(dassie.accessKeys()).routes());
    routes.addAll(
        new TransactionsResource(versions, dassie.pipelines(), dassie.transactions(), uploads)
            .routes());
    routes.addAll(
        new TrialsResource(versions, dassie.pipelines(), dassie.trials(), uploads, waits).routes());
    Shells shells = new Shells();
    waits.endingToo(shells::close);
    routes.addAll(new ShellsResource(versions, dassie.trials(), shells, waits).routes());
    routes.addAll(new JobsResource(versions, dassie.jobs(), dassie.queue(), waits).routes());
    ProcessLogs processes = new ProcessLogs(dassie.pipelines(), dassie.standing(), waits);
    routes.addAll(new LogsResource(versions, dassie.jobs(), processes, waits).routes());
    routes.addAll(questions(dassie, uploads));
    dassie.retention().keep(marker -> uploads.kept().forEach(marker::files));
    routes.addAll(new RetentionResource(dassie.retention()).routes());
    routes.addAll(new FsckResource(dassie.retention()).routes());
    return new Router(routes);
  }

  private static List<Route> questions(Dassie dassie, Uploads uploads) {
    Versions versions = dassie.versions();
    List<Route> routes = new ArrayList<>();
    routes.addAll(new ImpactResource(versions, dassie.impacts()).routes());
    routes.addAll(new PlanResource(versions, dassie.plans(), uploads).routes());
    routes.addAll(new ReproduceResource(versions, dassie.reproductions()).routes());
    routes.addAll(new BisectResource(versions, dassie.verdicts(), dassie.causes()).routes());
    routes.addAll(new ReasonsResource(versions, dassie.reasons()).routes());
    routes.addAll(new WhyResource(versions, dassie.lineage()).routes());
    return routes;
  }
}
