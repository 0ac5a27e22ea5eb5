package dev.dassie.server.s3;

import dev.dassie.job.bucket.Grant;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Element;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.version.BranchName;
import dev.dassie.version.Page;
import dev.dassie.version.ReadView;
import dev.dassie.version.Ref;
import dev.dassie.version.Repo;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// Buckets themselves: list, make, look, delete.
final class Buckets {
  static final String REGION = "us-east-1";

  private static final int LISTED_MAX = 10_000;
  private static final int PAGE = 1000;
  private static final int DOCUMENT_MAX = 64 << 10;

  private final Versions versions;

  Buckets(Versions versions) {
    this.versions = versions;
  }

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.LIST_BUCKETS, this::list);
    actions.put(Operation.CREATE_BUCKET, this::create);
    actions.put(Operation.HEAD_BUCKET, this::head);
    actions.put(Operation.DELETE_BUCKET, this::delete);
  }

  private void list(Exchange exchange) {
    if (exchange.reach().grant().isPresent()) {
      exchange.reply(listed(exchange.reach().grant().get()));
      return;
    }
    int most = (int) exchange.query().number("max-buckets", 1, LISTED_MAX, LISTED_MAX);
    String prefix = exchange.query().get("prefix").orElse("");
    String after =
        exchange
            .query()
            .text("continuation-token")
            .map(token -> Token.read(token, "buckets", prefix, "").key())
            .orElse("");
    List<Ref> found = new ArrayList<>();
    collect(found, after, prefix, most + 1);
    boolean more = found.size() > most;
    List<Ref> shown = more ? found.subList(0, most) : found;
    Xml xml = Xml.of("ListAllMyBucketsResult").open("Buckets");
    for (Ref ref : shown) {
      xml.open("Bucket")
          .add("Name", BucketName.of(ref.name()))
          .add(
              "CreationDate",
              switch (ref) {
                case Ref.Branch branch -> branch.created();
                case Ref.Tag tag -> tag.created();
              })
          .add("BucketRegion", REGION)
          .close();
    }
    xml.close();
    Owner.add(xml, "Owner");
    if (more) {
      String last = shown.getLast().name().key();
      xml.add("ContinuationToken", new Token(false, last).text("buckets", prefix, ""));
    }
    exchange.reply(xml);
  }

  /// The buckets of a job: few, on one page.
  private static Xml listed(Grant grant) {
    Map<String, Instant> made = new TreeMap<>();
    grant.inputs().forEach((name, view) -> made.put(name, view.commit().started()));
    grant.out().ifPresent(out -> made.put(Grant.OUT, out.begun()));
    Xml xml = Xml.of("ListAllMyBucketsResult").open("Buckets");
    made.forEach((name, at) ->
        xml.open("Bucket")
            .add("Name", name)
            .add("CreationDate", at)
            .add("BucketRegion", REGION)
            .close());
    xml.close();
    Owner.add(xml, "Owner");
    return xml;
  }

  /// Adds refs of users' repos in the order of their keys, after a key.
  private void collect(List<Ref> found, String after, String prefix, int most) {
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && found.size() < most) {
      Page<Repo> repos =
          versions.repos(Optional.empty(), Optional.of(RepoName.Type.USER), cursor.get(), PAGE);
      for (Repo repo : repos.items()) {
        String first = repo.name().key() + "/";
        boolean passed = first.compareTo(after) < 0 && !after.startsWith(first);
        if (!passed && found.size() < most) {
          collect(found, repo.name(), after, prefix, most);
        }
      }
      cursor = repos.next();
    }
  }

  private void collect(List<Ref> found, RepoName repo, String after, String prefix, int most) {
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && found.size() < most) {
      Page<Ref> refs = versions.refs(repo, cursor.get(), PAGE);
      for (Ref ref : refs.items()) {
        boolean wanted =
            ref.name().key().compareTo(after) > 0
                && BucketName.of(ref.name()).startsWith(prefix)
                && found.size() < most;
        if (wanted) {
          found.add(ref);
        }
      }
      cursor = refs.next();
    }
  }

  /// Makes the repo, if it is missing, and the branch.
  private void create(Exchange exchange) throws IOException {
    String text = exchange.bucket();
    exchange.reach().checkMakes(text);
    BranchName branch =
        BucketName.parse(text)
            .filter(name -> name.commit().isEmpty())
            .map(BucketName::ref)
            .orElseThrow(() ->
                new Refusal(
                        Code.INVALID_BUCKET_NAME,
                        "The bucket name is `%s`, expected `branch.repo` or `branch.repo.project`, each of 1 to 63 letters, digits, `_` or `-`."
                            .formatted(Refusal.shortened(text)))
                    .with("BucketName", Refusal.shortened(text)));
    if (exchange.header("x-amz-bucket-object-lock-enabled").orElse("false").equals("true")) {
      throw new Refusal(
          Code.NOT_IMPLEMENTED, "There is no object lock here: commits never change.");
    }
    byte[] document = new Incoming(exchange).document(DOCUMENT_MAX);
    if (document.length > 0) {
      Element _ = Element.read(document, "CreateBucketConfiguration");
    }
    Ref.Branch _ =
        versions.change(
            exchange.call(),
            change -> {
              if (change.ref(branch).isPresent()) {
                throw new Refusal(
                        Code.BUCKET_ALREADY_OWNED_BY_YOU,
                        "The bucket `%s` is there already.".formatted(text))
                    .with("BucketName", text);
              }
              if (change.repo(branch.repo()).isEmpty()) {
                Repo _ = change.createRepo(branch.repo(), "");
              }
              return change.createBranch(branch, Optional.empty(), List.of(), Optional.empty());
            });
    exchange.header("Location", "/" + text);
    exchange.replyNothing(200);
  }

  private void head(Exchange exchange) {
    Bucket _ = exchange.open();
    exchange.header("x-amz-bucket-region", REGION);
    exchange.header("x-amz-access-point-alias", "false");
    exchange.replyHead(0);
  }

  /// Deletes the branch of a bucket without keys; the repo goes along where nothing was ever in it.
  private void delete(Exchange exchange) {
    exchange.reach().checkDeletes();
    Bucket bucket = exchange.open();
    BranchName branch = bucket.writable();
    Optional<ReadView> view = bucket.view();
    if (view.isPresent() && view.get().reader().keys(view.get().files()).hasNext()) {
      throw new Refusal(Code.BUCKET_NOT_EMPTY, "The bucket you tried to delete is not empty")
          .with("BucketName", bucket.text());
    }
    boolean unused =
        versions.refs(branch.repo(), "", 2).items().size() == 1
            && versions.commits(branch.repo(), commit -> true, "", 1).items().isEmpty();
    boolean _ =
        versions.change(
            exchange.call(),
            change -> {
              if (unused) {
                change.deleteRepo(branch.repo());
              } else {
                change.deleteBranch(branch);
              }
              return true;
            });
    exchange.replyNothing(204);
  }
}
