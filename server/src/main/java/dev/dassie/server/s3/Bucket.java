package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Names;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import dev.dassie.version.multipart.Multiparts;
import java.io.InputStream;
import java.util.Optional;

/// A bucket that is there, and what stands behind it. Thread-safe.
sealed interface Bucket permits RefBucket, PinnedBucket, OutBucket {
  /// Its name, as the client said it.
  String text();

  /// What a read of it shows: nothing where there is no commit to show.
  Optional<ReadView> view();

  /// The view of a version, which is a commit, or `NoSuchVersion`.
  ReadView version(String id, String key);

  /// Whether the commits before the one that is shown are versions of its keys, too.
  boolean hasHistory();

  /// The branch to write to, or `AccessDenied`.
  BranchName writable();

  /// A writer to that branch.
  FileWriter writer(Call call);

  /// Counts the bytes of a body that is written to it; more than may come are refused as they are
  /// read.
  default InputStream counted(InputStream body) {
    return body;
  }

  /// Where its branch and commits are.
  Versions versions();

  /// Where its uploads in parts are.
  Multiparts multiparts();

  static void checkVersion(String id) {
    if (!Names.isCommitId(id)) {
      throw Refusal.argument("versionId", id, "the id of a commit, 32 hex digits");
    }
  }

  static Refusal noVersion(String id, String key, String sentence) {
    return new Refusal(Code.NO_SUCH_VERSION, sentence)
        .with("Key", Refusal.shortened(key))
        .with("VersionId", id);
  }

  static Refusal readOnly(String text, String what) {
    return new Refusal(
            Code.ACCESS_DENIED,
            "The bucket `%s` cannot be written to: it is %s.".formatted(text, what))
        .with("BucketName", text);
  }
}
