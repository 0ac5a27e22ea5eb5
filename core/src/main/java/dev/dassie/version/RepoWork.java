package dev.dassie.version;

import dev.dassie.fault.Fault;
import java.util.Map;
import java.util.Optional;

/// Writes projects and repos in a transaction.
final class RepoWork {
  private final Change change;
  private final Snapshot snapshot;

  RepoWork(Change change) {
    this.change = change;
    this.snapshot = change.snapshot();
  }

  Project createProject(String name, String description) {
    if (snapshot.project(name).isPresent()) {
      throw new Fault.AlreadyExists("project", name).asException();
    }
    Project project =
        new Project(name, description, change.call().principal(), change.now(), Map.of());
    return save(project, Event.PROJECT_CREATED);
  }

  Project editProject(String name, MetadataEdit edit) {
    Project old = snapshot.needProject(name);
    return save(
        new Project(
            name, old.description(), old.author(), old.created(), edit.apply(old.metadata())),
        Event.PROJECT_CHANGED);
  }

  void deleteProject(String name) {
    snapshot.needProject(name);
    if (name.equals(RepoName.DEFAULT_PROJECT)) {
      throw new Fault.Conflict("The project `default` cannot be deleted.", Optional.empty())
          .asException();
    }
    snapshot.rows().scan(Tables.REPO, name + "/", "", 1).stream()
        .findFirst()
        .ifPresent(row -> {
          throw new Fault.Conflict(
                  "The project `%s` has repos, `%s` for one.".formatted(name, row.name()),
                  Optional.of("Delete its pipelines and repos first."))
              .asException();
        });
    snapshot.rows().scan(Tables.SECRET, name + "/", "", 1).stream()
        .findFirst()
        .ifPresent(row -> {
          throw new Fault.Conflict(
                  "The project `%s` has secrets, `%s` for one.".formatted(name, row.name()),
                  Optional.of("Delete its secrets first."))
              .asException();
        });
    change.delete(Tables.project(name));
    emit(Event.PROJECT_DELETED, name);
  }

  Repo createRepo(RepoName name, String description) {
    snapshot.needProject(name.project());
    if (snapshot.repo(name).isPresent()) {
      throw new Fault.AlreadyExists("repo", name.toString()).asException();
    }
    return save(
        new Repo(name, description, change.call().principal(), change.now(), Map.of()),
        Event.REPO_CREATED);
  }

  Repo describeRepo(RepoName name, String description) {
    Repo old = snapshot.needRepo(name);
    return save(
        new Repo(name, description, old.author(), old.created(), old.metadata()),
        Event.REPO_CHANGED);
  }

  Repo editRepo(RepoName name, MetadataEdit edit) {
    Repo old = snapshot.needRepo(name);
    return save(
        new Repo(name, old.description(), old.author(), old.created(), edit.apply(old.metadata())),
        Event.REPO_CHANGED);
  }

  private Project save(Project project, String kind) {
    change.put(Tables.project(project.name()), Tables.encode(project, Wire::writeProject));
    emit(kind, project.name());
    return project;
  }

  private Repo save(Repo repo, String kind) {
    change.put(Tables.repo(repo.name()), Tables.encode(repo, Wire::writeRepo));
    change.append(Event.of(kind, repo.name(), change.call(), change.now()));
    return repo;
  }

  private void emit(String kind, String project) {
    change.append(
        new Event(
            kind,
            project,
            Optional.empty(),
            Optional.empty(),
            Optional.empty(),
            change.call().principal(),
            change.now(),
            Map.of()));
  }
}
