package dev.dassie.version.multipart;

import dev.dassie.version.CommitId;

/// What became of the wish to complete an upload.
public sealed interface Outcome {
  /// The file is there, in a commit. A repeat with the same list answers the same for a day.
  record Done(String etag, CommitId commit) implements Outcome {}

  /// Nothing was changed.
  ///
  /// @param part the number of the part that is the reason, 0 where it is none
  record Refused(Reason reason, int part, String sentence) implements Outcome {}

  /// Why not.
  enum Reason {
    /// No such upload: never started, ended, or expired.
    NO_UPLOAD,
    /// The list is empty or too long.
    BAD_LIST,
    /// The numbers do not go up.
    BAD_ORDER,
    /// A part is not there, or has another entity tag.
    NO_PART,
    /// A part that is not the last has fewer than [Part#MIN_SIZE] bytes.
    TOO_SMALL
  }
}
