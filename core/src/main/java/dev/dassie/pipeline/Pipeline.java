package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import java.time.Instant;

/// One version of a pipeline.
///
/// @param spec what it does; its salt is the one that counts: the declared one and what
///   reprocessing added
/// @param version counts from 1
/// @param specCommit the commit of the spec repo that holds the spec and the code of this version
/// @param created when version 1 was made
/// @param updated when this version was made
/// @param author who made this version
/// @param reprocessSalt what the newest `--reprocess` chose; empty if there was none
public record Pipeline(
    PipelineSpec spec,
    long version,
    CommitName specCommit,
    State state,
    Instant created,
    Instant updated,
    String author,
    String reprocessSalt) {
  private static final int VERSION = 1;

  /// Whether new commits upstream start jobs.
  public enum State {
    RUNNING,
    STOPPED
  }

  Pipeline withState(State other) {
    return new Pipeline(spec, version, specCommit, other, created, updated, author, reprocessSalt);
  }

  /// The spec with the salt that its text declares: without what reprocessing added.
  PipelineSpec declared() {
    String salt = spec.salt();
    String added = reprocessSalt;
    if (salt.equals(added)) {
      return spec.withSalt("");
    }
    return added.isEmpty()
        ? spec
        : spec.withSalt(salt.substring(0, salt.length() - added.length() - 1));
  }

  void write(Encoder out) {
    out.u8(VERSION);
    SpecCodec.write(out, spec);
    out.varint(version).string(specCommit.id().value()).bool(state == State.STOPPED);
    time(out, created);
    time(out, updated);
    out.string(author).string(reprocessSalt);
  }

  static Pipeline read(Decoder in) {
    int found = in.u8();
    if (found != VERSION) {
      throw new Fault.Corrupt("A pipeline record", "version 1 or older", "version " + found)
          .asException();
    }
    PipelineSpec spec = SpecCodec.read(in);
    return new Pipeline(
        spec,
        in.varint(),
        new CommitName(spec.specRepo(), new CommitId(in.string())),
        in.bool() ? State.STOPPED : State.RUNNING,
        time(in),
        time(in),
        in.string(),
        in.string());
  }

  private static void time(Encoder out, Instant at) {
    out.fixed64(at.getEpochSecond()).varint(at.getNano());
  }

  private static Instant time(Decoder in) {
    return Instant.ofEpochSecond(in.fixed64(), in.length(999_999_999));
  }
}
