package dev.dassie.job;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.metadata.Metadata;
import java.util.Comparator;
import java.util.List;
import java.util.Optional;
import java.util.PriorityQueue;

/// The datums of a run that took longest, a bounded number of them, kept as they end: a job of many
/// datums is asked for them without being read whole. Not thread-safe.
final class Slowest {
  /// How many are kept.
  static final int MOST = 32;

  private static final String TABLE = "job_slowest";
  private static final int VERSION = 1;
  private static final Comparator<Timed> BY_TIME = Comparator.comparingLong(Timed::micros);

  private final PriorityQueue<Timed> kept = new PriorityQueue<>(MOST + 1, BY_TIME);

  private record Timed(byte[] order, long micros) {}

  /// A datum has ended.
  void ended(byte[] order, Result result) {
    long micros = result.ending().tries().stream().mapToLong(Ending.Try::wallMicros).sum();
    kept.add(new Timed(order, micros));
    if (kept.size() > MOST) {
      Timed _ = kept.remove();
    }
  }

  /// Their order keys, that of the slowest first.
  List<byte[]> orders() {
    return kept.stream().sorted(BY_TIME.reversed()).map(Timed::order).toList();
  }

  static byte[] encode(List<byte[]> orders) {
    return new Encoder().u8(VERSION).list(orders, Encoder::bytes).toBytes();
  }

  static List<byte[]> decode(byte[] bytes) {
    Decoder in = new Decoder("The slowest datums of a job", bytes);
    JobCodec.version(in, VERSION, "record of slowest datums");
    return in.list(Decoder::bytes);
  }

  static void put(Metadata.Writer rows, JobName job, List<byte[]> orders) {
    rows.put(new Metadata.Key(TABLE, job.key()), encode(orders));
  }

  static Optional<List<byte[]>> find(Metadata.Reader rows, JobName job) {
    return rows.get(new Metadata.Key(TABLE, job.key())).map(Slowest::decode);
  }
}
