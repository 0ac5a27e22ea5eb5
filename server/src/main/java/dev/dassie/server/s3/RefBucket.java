package dev.dassie.server.s3;

import dev.dassie.Dassie;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitId;
import dev.dassie.version.FileWriter;
import dev.dassie.version.ReadView;
import dev.dassie.version.Ref;
import dev.dassie.version.RepoName;
import dev.dassie.version.Versions;
import dev.dassie.version.multipart.Multiparts;
import java.util.Optional;

/// A branch, a tag or a commit of the instance. The default branch of a repo that users write to is
/// there from the first, before its first commit makes it.
///
/// @param ref its branch or tag; of a commit, or a default branch, if there is one
record RefBucket(Dassie dassie, String text, BucketName name, Optional<Ref> ref) implements Bucket {
  /// The bucket of a name, or `NoSuchBucket`.
  static Bucket open(Dassie dassie, String text) {
    Versions versions = dassie.versions();
    BucketName name =
        BucketName.parse(text)
            .orElseThrow(() ->
                missing(
                    text,
                    "A bucket is named `branch.repo`, `branch.repo.project`, or the same with a commit's id before it."));
    Optional<Ref> ref = versions.findRef(name.ref());
    if (name.commit().isPresent()) {
      Commit commit = commit(versions, text, name.ref().repo(), name.commit().get());
      if (ref.isEmpty() && !commit.branch().equals(name.ref().branch())) {
        throw missing(text, "The commit is not of that branch.");
      }
    } else if (ref.isEmpty() && !isDefault(versions, name.ref())) {
      throw missing(text, "Nothing is named `%s`.".formatted(name.ref()));
    }
    return new RefBucket(dassie, text, name, ref);
  }

  private static boolean isDefault(Versions versions, BranchName branch) {
    return branch.branch().equals(BranchName.DEFAULT_BRANCH)
        && versions.findRepo(branch.repo()).isPresent();
  }

  private static Commit commit(Versions versions, String text, RepoName repo, CommitId id) {
    try {
      return versions.resolve(repo, id.value());
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        throw missing(text, e.fault().message());
      }
      throw e;
    }
  }

  static Refusal missing(String text, String why) {
    return new Refusal(
            Code.NO_SUCH_BUCKET,
            "No bucket is named `%s`. %s".formatted(Refusal.shortened(text), why))
        .with("BucketName", Refusal.shortened(text));
  }

  private RepoName repo() {
    return name.ref().repo();
  }

  @Override
  public Versions versions() {
    return dassie.versions();
  }

  @Override
  public Multiparts multiparts() {
    return dassie.multiparts();
  }

  @Override
  public FileWriter writer(Call call) {
    return dassie.gathering().writer(call, writable());
  }

  @Override
  public boolean hasHistory() {
    return true;
  }

  @Override
  public Optional<ReadView> view() {
    String place = name.commit().map(CommitId::value).orElse(name.ref().branch());
    try {
      return Optional.of(versions().read(repo(), place));
    } catch (DassieException e) {
      boolean empty = e.fault() instanceof Fault.NotFound && name.commit().isEmpty();
      if (empty) {
        return Optional.empty();
      }
      throw e;
    }
  }

  @Override
  public ReadView version(String id, String key) {
    Bucket.checkVersion(id);
    try {
      return versions().read(repo(), id);
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        throw Bucket.noVersion(id, key, e.fault().message());
      }
      throw e;
    }
  }

  @Override
  public BranchName writable() {
    if (name.commit().isPresent()) {
      throw readOnly("a commit, which never changes");
    }
    if (ref.isEmpty()) {
      return name.ref();
    }
    return switch (ref.get()) {
      case Ref.Tag _ -> throw readOnly("a tag, which never moves");
      case Ref.Branch branch when branch.isOutput() ->
          throw readOnly("the output of the pipeline `%s`".formatted(branch.pipeline().orElse("")));
      case Ref.Branch branch -> branch.name();
    };
  }

  private Refusal readOnly(String what) {
    return Bucket.readOnly(text, what);
  }
}
