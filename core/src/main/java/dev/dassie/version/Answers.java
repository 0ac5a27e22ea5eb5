package dev.dassie.version;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// Answers to calls with an idempotency key, so that a repeat gets the first answer and changes
/// nothing. Each call that writes one also forgets up to two that are older than a day.
final class Answers {
  static final Duration KEPT = Duration.ofHours(24);

  private static final int SWEPT = 2;

  private Answers() {}

  /// The answer to an earlier call of the same principal with the same key. A key that was used for
  /// a call with another kind of answer is refused.
  static <T> Optional<T> find(Metadata.Reader rows, Call call, Instant now, Reply<T> reply) {
    return call.idempotencyKey()
        .flatMap(key -> {
          Metadata.Key answer = new Metadata.Key(Tables.ANSWER, name(call, key));
          try {
            return find(rows, answer, now).map(reply::read);
          } catch (DassieException e) {
            throw new DassieException(
                new Fault.Conflict(
                    "The idempotency key `%s` was used for another call.".formatted(key),
                    Optional.of("Use a new key for each call.")),
                e);
          }
        });
  }

  private static Optional<byte[]> kept(Decoder in, Instant now) {
    Instant at = Wire.readTime(in);
    byte[] answer = in.bytes();
    return at.plus(KEPT).isBefore(now) ? Optional.empty() : Optional.of(answer);
  }

  static void remember(Metadata.Writer rows, Call call, Instant now, byte[] answer) {
    if (call.idempotencyKey().isEmpty()) {
      return;
    }
    sweep(rows, now);
    String name = name(call, call.idempotencyKey().get());
    Encoder out = new Encoder().u8(Tables.VERSION);
    Wire.writeTime(out, now);
    rows.put(new Metadata.Key(Tables.ANSWER, name), out.bytes(answer).toBytes());
    rows.put(new Metadata.Key(Tables.ANSWER_AGE, age(now) + "/" + name), Tables.NOTHING);
  }

  private static void sweep(Metadata.Writer rows, Instant now) {
    List<Row> oldest = rows.scan(Tables.ANSWER_AGE, "", "", SWEPT);
    String limit = age(now.minus(KEPT));
    for (Row row : oldest) {
      if (row.name().compareTo(limit) < 0) {
        Metadata.Key answer = new Metadata.Key(Tables.ANSWER, Tables.last(row.name()));
        // A key may have been used again since: then the answer is a younger one.
        if (find(rows, answer, now).isEmpty()) {
          rows.delete(answer);
        }
        rows.delete(new Metadata.Key(Tables.ANSWER_AGE, row.name()));
      }
    }
  }

  private static Optional<byte[]> find(Metadata.Reader rows, Metadata.Key answer, Instant now) {
    return rows.get(answer)
        .flatMap(bytes -> Tables.decode("A remembered answer", bytes, in -> kept(in, now)));
  }

  /// Principal and key, each behind its length, so that no two pairs are one text.
  private static String name(Call call, String key) {
    byte[] both = new Encoder().string(call.principal()).string(key).toBytes();
    return Digest.of(both).toString();
  }

  private static String age(Instant at) {
    return Tables.ordered(Math.max(0, at.toEpochMilli()));
  }
}
