package dev.dassie.server.console;

import dev.dassie.api.Percent;
import dev.dassie.fileset.FilePath;
import dev.dassie.job.JobName;
import dev.dassie.version.CommitName;
import dev.dassie.version.RepoName;
import java.util.Map;

/// Where pages stand. Every page that shows something has one address for good.
public final class Links {
  private Links() {}

  public static String repo(RepoName repo) {
    return "/data/" + repo.project() + "/" + repo.local();
  }

  /// The files of a commit, given by any address of it.
  public static String place(RepoName repo, String place) {
    return repo(repo) + "/" + Percent.encode(place);
  }

  /// A file or directory.
  public static String file(RepoName repo, String place, FilePath path) {
    return place(repo, place) + (path.isRoot() ? "" : "?path=" + Percent.encode(path.toString()));
  }

  public static String file(CommitName commit, FilePath path) {
    return file(commit.repo(), commit.id().value(), path);
  }

  /// A page about a file: `raw`, `history`, `lineage`, …
  public static String about(RepoName repo, String place, String page, FilePath path) {
    return place(repo, place)
        + "/"
        + page
        + (path.isRoot() ? "" : "?path=" + Percent.encode(path.toString()));
  }

  public static String commit(CommitName commit) {
    return place(commit.repo(), commit.id().value()) + "/commit";
  }

  public static String pipeline(String project, String name) {
    return "/pipelines/" + project + "/" + name;
  }

  public static String job(JobName job) {
    return "/jobs/" + job.project() + "/" + job.pipeline() + "/" + job.id().value();
  }

  public static String datum(JobName job, String datum) {
    return job(job) + "/datums/" + datum;
  }

  /// An address with a query parameter more.
  public static String with(String address, String name, String value) {
    return address + (address.contains("?") ? "&" : "?") + name + "=" + Percent.encode(value);
  }

  /// An address with those parameters that have a value.
  public static String with(String address, Map<String, String> parameters) {
    String all = address;
    for (Map.Entry<String, String> one : parameters.entrySet()) {
      if (!one.getValue().isEmpty()) {
        all = with(all, one.getKey(), one.getValue());
      }
    }
    return all;
  }
}
