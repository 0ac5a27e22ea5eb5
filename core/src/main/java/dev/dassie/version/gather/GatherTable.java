package dev.dassie.version.gather;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import dev.dassie.version.CommitName;
import dev.dassie.version.GatherRule;
import dev.dassie.version.RepoName;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Optional;

/// The rows of gathering (docs/format.md, "Gathering"). The branch begins the name of each, so that
/// they go with it.
final class GatherTable {
  static final String GATHERED = "gathered";
  static final String UNFINISHED = "gathered_unfinished";

  private static final int VERSION = 1;

  private GatherTable() {}

  /// A commit that gathers writes.
  ///
  /// @param complete whether a writer said that it has written everything
  record Gathered(CommitId commit, Instant started, boolean complete) {
    CommitName in(BranchName branch) {
      return new CommitName(branch.repo(), commit);
    }
  }

  static Metadata.Key gathered(BranchName branch) {
    return new Metadata.Key(GATHERED, branch.key());
  }

  /// A key that says that somebody is not done: its hash in the name, for keys are longer than
  /// names can be.
  static Metadata.Key unfinished(BranchName branch, String key) {
    String hash = Digest.of(key.getBytes(StandardCharsets.UTF_8)).toString();
    return new Metadata.Key(UNFINISHED, branch.key() + "/" + hash);
  }

  static GatherRule rule(Metadata.Reader rows, BranchName branch) {
    return GatherRule.of(rows, branch).orElse(GatherRule.DEFAULT);
  }

  static Optional<Gathered> gathered(Metadata.Reader rows, BranchName branch) {
    return rows.get(gathered(branch)).map(GatherTable::decode);
  }

  static byte[] encode(Gathered gathered) {
    Instant at = gathered.started();
    Encoder out = new Encoder().u8(VERSION).string(gathered.commit().value());
    out.fixed64(at.getEpochSecond()).varint(at.getNano());
    return out.bool(gathered.complete()).toBytes();
  }

  private static Gathered decode(byte[] bytes) {
    Decoder in = open("A gathered commit", bytes);
    return new Gathered(new CommitId(in.string()), time(in), in.bool());
  }

  private static Instant time(Decoder in) {
    long seconds = in.fixed64();
    try {
      return Instant.ofEpochSecond(seconds, in.length(999_999_999));
    } catch (DateTimeException e) {
      throw new DassieException(
          new Fault.Corrupt("A time", "seconds since 1970", Long.toString(seconds)), e);
    }
  }

  static byte[] encode(String key) {
    return new Encoder().u8(VERSION).string(key).toBytes();
  }

  static String key(Metadata.Row unfinished) {
    return open("An unfinished key", unfinished.value()).string();
  }

  /// A branch from the name of an alarm.
  static BranchName branch(String key) {
    int slash = key.lastIndexOf('/');
    return new BranchName(RepoName.parse("", key.substring(0, slash)), key.substring(slash + 1));
  }

  private static Decoder open(String object, byte[] bytes) {
    Decoder in = new Decoder(object, bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Corrupt(object, "record version " + VERSION, "version " + version)
          .asException();
    }
    return in;
  }
}
