package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.RepoName;
import java.time.Instant;
import java.util.Optional;

/// The rows of cron inputs, by the repo that holds the ticks (docs/format.md, "Pipelines").
final class CronTable {
  static final String TABLE = "cron";
  private static final int VERSION = 1;

  private CronTable() {}

  /// @param pipeline the output repo of the pipeline that has the input
  /// @param last the newest tick that was made; before the first, the time from which ticks count
  record Clock(RepoName pipeline, Instant last) {}

  static Optional<Clock> find(Metadata.Reader rows, RepoName repo) {
    return rows.get(key(repo)).map(CronTable::decode);
  }

  static void put(Metadata.Writer rows, RepoName repo, Clock clock) {
    rows.put(key(repo), encode(clock));
  }

  static void delete(Metadata.Writer rows, RepoName repo) {
    rows.delete(key(repo));
  }

  static byte[] encode(Clock clock) {
    Encoder out =
        new Encoder()
            .u8(VERSION)
            .string(clock.pipeline().project())
            .string(clock.pipeline().name());
    Cron.writeTime(out, clock.last());
    return out.toBytes();
  }

  private static Clock decode(byte[] bytes) {
    Decoder in = new Decoder("A cron record", bytes);
    int found = in.u8();
    if (found != VERSION) {
      throw new Fault.Corrupt("A cron record", "version 1", "version " + found).asException();
    }
    return new Clock(new RepoName(in.string(), in.string()), Cron.readTime(in));
  }

  private static Metadata.Key key(RepoName repo) {
    return new Metadata.Key(TABLE, repo.key());
  }
}
