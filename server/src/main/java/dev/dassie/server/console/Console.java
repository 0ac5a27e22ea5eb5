package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.server.http.About;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Waits;
import java.util.ArrayList;
import java.util.List;

/// All pages of the console in one table.
public final class Console {
  private Console() {}

  public static List<Route> routes(About about, Dassie dassie, Waits waits) {
    Assets assets = new Assets();
    Screen screen = new Screen(about, assets);
    List<Route> routes = new ArrayList<>(assets.routes());
    routes.addAll(new HomePage(dassie, screen).routes());
    routes.addAll(new Changes(dassie.versions(), waits).routes());
    routes.addAll(new RepoPages(dassie.versions(), screen).routes());
    routes.addAll(new FilePages(dassie.versions(), screen).routes());
    routes.addAll(new RawFiles(dassie.versions()).routes());
    routes.addAll(new CommitPage(dassie, screen).routes());
    routes.addAll(new DiffPage(dassie.versions(), screen).routes());
    routes.addAll(new LineagePages(dassie, screen).routes());
    routes.addAll(new PipelinePages(dassie, screen).routes());
    routes.addAll(new JobPages(dassie, screen).routes());
    return routes;
  }
}
