package dev.dassie.version.multipart;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Checksum;
import java.time.Instant;
import java.util.List;

/// A part of an upload, stored.
///
/// @param number 1 to [#MAX_NUMBER]
/// @param etag the entity tag that the client was told: 32 hex digits
/// @param checksums those that came with it
/// @param stored when
public record Part(int number, String etag, List<Checksum> checksums, Body body, Instant stored) {
  /// Parts of an upload at most.
  public static final int MAX_NUMBER = 10_000;

  /// No part but the last may have fewer bytes.
  public static final long MIN_SIZE = 5L << 20;

  public Part {
    checksums = List.copyOf(checksums);
  }

  public long size() {
    return body.size();
  }

  /// What whoever reads the bytes of a part finds out about them.
  ///
  /// @param etag 32 hex digits: the MD5 of the bytes
  public record Facts(String etag, List<Checksum> checksums) {
    /// Another tag is `Fault.Invalid`.
    public Facts {
      if (!UploadTable.isId(etag)) {
        String shown = etag.length() > 100 ? etag.substring(0, 100) + "…" : etag;
        throw new Fault.Invalid("The entity tag of a part", shown, "32 hex digits").asException();
      }
      checksums = List.copyOf(checksums);
    }
  }
}
