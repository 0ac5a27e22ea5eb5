package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.version.BranchName;
import dev.dassie.version.Ref;
import dev.dassie.version.Reply;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.util.List;

/// Tags.
final class TagsResource {
  private static final String ALL = "/api/v1/projects/{project}/repos/{repo}/tags";
  private static final String ONE = ALL + "/{tag}";
  private static final int NAMES = 1000;

  private final Versions versions;

  TagsResource(Versions versions) {
    this.versions = versions;
  }

  List<Route> routes() {
    return List.of(
        Route.get(ALL, "list_tags", "The tags of a repo, by name.").list("Tag", this::list),
        Route.put(ONE, "put_tag", "Makes a tag; it never moves.")
            .taking(Route.Body.json("NewTag"))
            .json("Tag", this::put),
        Route.get(ONE, "get_tag", "One tag.")
            .json("Tag", exchange -> exchange.reply(VersionJson.tag(tag(exchange)))),
        Route.delete(ONE, "delete_tag", "Deletes a tag; its commit stays.").nothing(this::delete));
  }

  private void list(Exchange exchange) throws IOException {
    RepoName repo = versions.repo(Place.repo(exchange)).name();
    exchange.replyPages(
        (cursor, limit) -> versions.refs(repo, false, cursor, limit), VersionJson::ref);
  }

  private Ref.Tag tag(Exchange exchange) {
    BranchName name = Place.ref(exchange, "tag");
    RepoName repo = versions.repo(name.repo()).name();
    if (versions.findRef(name).orElse(null) instanceof Ref.Tag tag) {
      return tag;
    }
    List<String> others =
        versions.refs(repo, false, "", NAMES).items().stream()
            .map(ref -> ref.name().branch())
            .toList();
    throw new Fault.NotFound("tag", name.toString(), Nearest.hint(name.branch(), others))
        .asException();
  }

  private void put(Exchange exchange) throws IOException {
    BranchName name = Place.ref(exchange, "tag");
    String head = exchange.json().only("head").required("head");
    exchange.reply(
        VersionJson.tag(
            versions.change(
                exchange.call(),
                Reply.TAG,
                change ->
                    change.createTag(name, BranchesResource.commit(change, name.repo(), head)))));
  }

  private void delete(Exchange exchange) {
    BranchName name = Place.ref(exchange, "tag");
    boolean _ =
        versions.change(
            exchange.call(),
            Reply.DONE,
            change -> {
              change.deleteTag(name);
              return true;
            });
    exchange.replyNothing();
  }
}
