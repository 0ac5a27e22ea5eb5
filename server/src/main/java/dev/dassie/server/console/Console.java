package dev.dassie.server.console;

import dev.dassie.Dassie;
import dev.dassie.fault.Fault;
import dev.dassie.server.http.About;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Route;
import dev.dassie.server.http.Setting;
import dev.dassie.server.http.Waits;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import tools.jackson.databind.node.ObjectNode;

/// All pages of the console in one table.
public final class Console {
  private final Screen screen;
  private final List<Route> routes;

  /// @param settings each configured value
  /// @param status how the server is or was lately, asked for at each call
  public Console(
      About about,
      Dassie dassie,
      Waits waits,
      List<Setting> settings,
      Supplier<ObjectNode> status) {
    Assets assets = new Assets();
    this.screen = new Screen(about, assets);
    List<Route> all = new ArrayList<>(assets.routes());
    all.addAll(new HomePage(dassie, screen).routes());
    all.addAll(new SearchPage(dassie, screen).routes());
    all.addAll(new Changes(dassie.versions(), waits).routes());
    all.addAll(new RepoPages(dassie.versions(), screen).routes());
    all.addAll(new RefActions(dassie.versions(), screen).routes());
    all.addAll(new MergePage(dassie, screen).routes());
    all.addAll(new RevertPage(dassie.versions(), dassie.merges(), screen).routes());
    all.addAll(new FilePages(dassie.versions(), screen).routes());
    all.addAll(new RawFiles(dassie.versions()).routes());
    all.addAll(new CommitPage(dassie, screen).routes());
    all.addAll(new DiffPage(dassie.versions(), screen).routes());
    all.addAll(new LineagePages(dassie, screen).routes());
    all.addAll(new PipelinePages(dassie, screen).routes());
    all.addAll(new EditorPage(dassie, screen).routes());
    all.addAll(new JobPages(dassie, screen).routes());
    all.addAll(new DatumPages(dassie, screen, waits).routes());
    all.addAll(new AdminPage(dassie, screen, settings, status).routes());
    this.routes = List.copyOf(all);
  }

  public List<Route> routes() {
    return routes;
  }

  /// Shows a refusal in the frame of the console.
  public void refuse(Exchange exchange, Fault fault) {
    screen.refuse(exchange, fault);
  }
}
