package dev.dassie.pipeline;

import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fileset.Hash;
import dev.dassie.pipeline.secret.SecretUse;
import java.security.MessageDigest;
import java.util.List;
import java.util.Optional;
import java.util.TreeMap;

/// Computes the keys of datums (design D4; docs/format.md, "Datum keys"): equal keys mean the same
/// code on the same files, so a result under a key is never computed twice. Immutable and
/// thread-safe.
public final class DatumKey {
  private static final int VERSION = 1;
  private static final int EMPTY_FILES = 1;
  private static final int LAZY = 2;
  private static final int S3 = 4;
  private static final int REFERENCE = 8;
  private static final int NO_HASH = 0;

  private final byte[] common;

  /// Keys of the datums of one version of a pipeline.
  ///
  /// @param facts what the executor says it runs the code on, in its order, and the versions of the
  ///   secrets that the code gets
  /// @param source the content of the directory that comes with the spec
  /// @param salt the salt of the spec
  public DatumKey(List<String> facts, Transform transform, Optional<Hash> source, String salt) {
    Encoder out = new Encoder();
    out.u8(VERSION)
        .list(facts, Encoder::string)
        .list(transform.cmd(), Encoder::string)
        .list(transform.stdin(), Encoder::string);
    out.varint(transform.env().size());
    new TreeMap<>(transform.env()).forEach((name, value) -> out.string(name).string(value));
    out.optional(transform.user(), Encoder::string)
        .optional(transform.workingDir(), Encoder::string)
        .list(
            transform.acceptReturnCode().stream().distinct().sorted().toList(),
            (to, code) -> to.varint(code))
        .bool(transform.network() == Transform.Network.NONE);
    out.list(transform.secrets(), DatumKey::secret)
        .optional(source, (to, hash) -> hash.write(to))
        .string(salt);
    this.common = out.toBytes();
  }

  /// The key of one datum.
  public Digest of(Datum datum) {
    Encoder out = new Encoder();
    out.list(datum.parts(), DatumKey::part);
    MessageDigest sha = Digest.sha256();
    sha.update(common);
    sha.update(out.toBytes());
    return Digest.ofHash(sha.digest());
  }

  /// How the files of an input are shown.
  static int flags(Input.Files files) {
    return (files.emptyFiles() ? EMPTY_FILES : 0)
        | (files.lazy() ? LAZY : 0)
        | (files.s3() ? S3 : 0)
        | (files.reference() ? REFERENCE : 0);
  }

  /// Which version of the secret it is stands among the facts.
  private static void secret(Encoder out, SecretUse use) {
    out.string(use.name())
        .optional(use.key(), Encoder::string)
        .optional(use.folder(), Encoder::string)
        .optional(use.variable(), Encoder::string);
  }

  private static void part(Encoder out, Datum.Part part) {
    out.string(part.name()).string(part.path().value());
    if (part.files().reference()) {
      out.u8(NO_HASH);
    } else {
      part.hash().write(out);
    }
    out.u8(flags(part.files()))
        .optional(part.joinKey(), Encoder::string)
        .optional(part.groupKey(), Encoder::string);
  }
}
