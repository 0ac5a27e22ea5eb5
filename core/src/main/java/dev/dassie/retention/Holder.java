package dev.dassie.retention;

/// Who keeps bytes from being collected.
///
/// @param name a repo and branch (`default/images@master`) where a branch holds, else empty
public record Holder(Kind kind, String name) {
  /// The kinds of holders.
  public enum Kind {
    /// The commits of a branch.
    BRANCH("branch"),
    /// Open commits' journals.
    JOURNALS("journals"),
    /// Source directories that were uploaded and wait for their spec.
    UPLOADS("uploads"),
    /// Transactions that are not finished: the code of their pipelines.
    TRANSACTIONS("transactions"),
    /// Jobs: their datums, owners, failures, logs.
    JOBS("jobs"),
    /// Results that are kept for reuse.
    RESULTS("results"),
    /// Records of commits, for a rebuild of the database.
    RECORDS("records"),
    /// What was deleted a short time ago.
    DELETED("deleted"),
    /// What writers at work reuse.
    WRITERS("writers");

    private final String word;

    Kind(String word) {
      this.word = word;
    }

    /// As it stands in replies.
    public String word() {
      return word;
    }
  }

  static Holder of(Kind kind) {
    return new Holder(kind, "");
  }
}
