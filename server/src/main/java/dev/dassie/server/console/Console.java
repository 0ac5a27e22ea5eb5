package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.server.http.About;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Setting;
import dev.dassie.server.http.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// All pages of the console in one table.
public final class Console {
  private Console() {}

  /// @param settings each configured value
  /// @param status how the server is, asked for at each call
  public static List<Route> routes(
      About about,
      Dassie dassie,
      Waits waits,
      List<Setting> settings,
      Supplier<ObjectNode> status) {
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
    routes.addAll(new EditorPage(dassie, screen).routes());
    routes.addAll(new JobPages(dassie, screen).routes());
    routes.addAll(new AdminPage(dassie, screen, settings, status).routes());
    return routes;
  }
}
