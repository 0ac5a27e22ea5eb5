package dev.dassie.server.console;

import dev.dassie.fault.Fault;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Place;
import dev.dassie.server.http.Route;
import dev.dassie.version.BranchName;
import dev.dassie.version.Change;
import dev.dassie.version.CommitName;
import dev.dassie.version.Names;
import dev.dassie.version.Project;
import dev.dassie.version.Ref;
import dev.dassie.version.Reply;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;

/// Makes projects, and makes and deletes repos, branches and tags, as forms ask.
final class RefActions {
  private static final String REPO = "/data/{project}/{repo}";

  private final Versions versions;
  private final Screen screen;

  RefActions(Versions versions, Screen screen) {
    this.versions = versions;
    this.screen = screen;
  }

  List<Route> routes() {
    return List.of(
        screen.post("/data/new", this::makeRepo),
        screen.post("/data/project", this::makeProject),
        screen.post(REPO + "/delete", this::deleteRepo),
        screen.post(REPO + "/branches", this::makeBranch),
        screen.post(REPO + "/branches/{name}/delete", this::deleteBranch),
        screen.post(REPO + "/tags", this::makeTag),
        screen.post(REPO + "/tags/{name}/delete", this::deleteTag));
  }

  private static String field(Map<String, String> form, String name) {
    return form.getOrDefault(name, "").strip();
  }

  private void makeRepo(Exchange exchange) throws IOException {
    Map<String, String> form = exchange.form();
    String project = field(form, "project");
    RepoName name =
        Place.repo(project.isEmpty() ? RepoName.DEFAULT_PROJECT : project, field(form, "name"));
    if (name.type() != RepoName.Type.USER) {
      throw new Fault.Invalid("The repo name", name.local(), "a name without `.spec`")
          .asException();
    }
    String description = field(form, "description");
    Repo _ =
        versions.change(
            exchange.call(), Reply.REPO, change -> change.createRepo(name, description));
    exchange.redirect(Links.repo(name));
  }

  private void makeProject(Exchange exchange) throws IOException {
    Map<String, String> form = exchange.form();
    String name = Names.check("project", field(form, "name"));
    Project _ =
        versions.change(
            exchange.call(),
            Reply.PROJECT,
            change -> change.createProject(name, field(form, "description")));
    exchange.redirect(Links.with("/data", "project", name));
  }

  private void deleteRepo(Exchange exchange) throws IOException {
    RepoName name = Place.repo(exchange);
    confirmed(exchange, name.local());
    change(exchange, change -> change.deleteRepo(name));
    exchange.redirect("/data");
  }

  private void makeBranch(Exchange exchange) throws IOException {
    RepoName repo = Place.repo(exchange);
    Map<String, String> form = exchange.form();
    BranchName name = new BranchName(repo, Names.check("branch", field(form, "name")));
    if (versions.findRef(name).isPresent()) {
      throw new Fault.AlreadyExists("branch", name.toString()).asException();
    }
    String head = field(form, "head");
    Ref.Branch _ =
        versions.change(
            exchange.call(),
            Reply.BRANCH,
            change ->
                change.createBranch(
                    name,
                    head.isEmpty() ? Optional.empty() : Optional.of(commit(change, repo, head)),
                    List.of(),
                    Optional.empty()));
    exchange.redirect(head.isEmpty() ? Links.repo(repo) : Links.place(repo, name.branch()));
  }

  private static CommitName commit(Change change, RepoName repo, String place) {
    return change.resolve(repo.project(), repo.local() + "@" + place).name();
  }

  private void deleteBranch(Exchange exchange) throws IOException {
    BranchName name = Place.ref(exchange, "name");
    exchange.drain();
    change(exchange, change -> change.deleteBranch(name));
    exchange.redirect(Links.repo(name.repo()));
  }

  private void makeTag(Exchange exchange) throws IOException {
    RepoName repo = Place.repo(exchange);
    Map<String, String> form = exchange.form();
    BranchName name = new BranchName(repo, Names.check("tag", field(form, "name")));
    String head = field(form, "head");
    Ref.Tag _ =
        versions.change(
            exchange.call(),
            Reply.TAG,
            change -> change.createTag(name, commit(change, repo, head)));
    exchange.redirect(Links.place(repo, name.branch()));
  }

  private void deleteTag(Exchange exchange) throws IOException {
    BranchName name = Place.ref(exchange, "name");
    exchange.drain();
    change(exchange, change -> change.deleteTag(name));
    exchange.redirect(Links.repo(name.repo()));
  }

  /// What takes much with it wants its name typed.
  private static void confirmed(Exchange exchange, String name) throws IOException {
    String typed = field(exchange.form(), "confirm");
    if (!typed.equals(name)) {
      throw new Fault.Invalid("The name that was typed", typed, "`" + name + "`").asException();
    }
  }

  private void change(Exchange exchange, Consumer<Change> work) {
    boolean _ =
        versions.change(
            exchange.call(),
            Reply.DONE,
            change -> {
              work.accept(change);
              return true;
            });
  }
}
