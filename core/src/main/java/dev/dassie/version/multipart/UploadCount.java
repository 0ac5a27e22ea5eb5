package dev.dassie.version.multipart;

import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.BranchName;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/// Refuses uploads beyond the limit of a branch. Knows a number of open ones that is never too low,
/// and counts them only where that one is at the limit. Thread-safe.
final class UploadCount {
  /// Branches of which something is known.
  private static final int KEPT = 10_000;

  private final int most;
  private final Map<BranchName, Integer> atMost = new ConcurrentHashMap<>();

  UploadCount(int most) {
    this.most = most;
  }

  /// To be called in the transaction that makes one more.
  void checkRoom(Metadata.Reader rows, BranchName branch) {
    int known = atMost.getOrDefault(branch, most);
    if (known >= most) {
      known = rows.scan(UploadTable.UPLOAD, branch.key() + "/", "", most).size();
    }
    if (known >= most) {
      throw new Fault.Invalid(
              "The number of open uploads to `%s`".formatted(branch),
              Integer.toString(known),
              "fewer than %,d: complete or abort some, or raise `s3_uploads` in the configuration of the server"
                  .formatted(most))
          .asException();
    }
    if (atMost.size() >= KEPT) {
      atMost.clear();
    }
    atMost.put(branch, known + 1);
  }
}
