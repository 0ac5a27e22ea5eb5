package dev.dassie.job.worker;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Fileset;
import dev.dassie.job.Ending;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Optional;

/// What a worker reports of one lease: packs that it published, chunks of others that its results
/// name, datums that have ended, and whether it is done with the lease. Written for the connection
/// between programs of one build, never kept.
///
/// @param borrowed chunks in packs of others
/// @param end whether it gives back what is left
/// @param lack why it cannot run these datums at all
/// @param trouble why it gives them back, where it cannot go on
public record Results(
    List<String> packs,
    List<Digest> borrowed,
    List<One> ended,
    boolean end,
    Optional<String> lack,
    Optional<String> trouble) {
  private static final int VERSION = 1;
  private static final int MOST = 4_096;
  private static final int MOST_BORROWED = 1 << 20;

  /// The year 9999.
  private static final long LATEST = 253_402_300_799_000_000L;

  private static final int SUCCEEDED = 1;
  private static final int FAILED = 2;
  private static final int RECOVERED = 3;

  /// A datum that has ended.
  public record One(Digest key, Ending ending) {}

  public Results {
    packs = List.copyOf(packs);
    borrowed = List.copyOf(borrowed);
    ended = List.copyOf(ended);
  }

  public byte[] encode() {
    Encoder out = new Encoder().u8(VERSION).list(packs, Encoder::string);
    out.list(borrowed, Encoder::digest);
    out.list(ended, Results::write);
    out.bool(end).optional(lack, Encoder::string).optional(trouble, Encoder::string);
    return out.toBytes();
  }

  /// Reads what came over the connection: what is no report is refused.
  public static Results decode(byte[] bytes) {
    Decoder in = new Decoder("The report of a worker", bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Invalid("The version of the report", Integer.toString(version), "1")
          .asException();
    }
    Results results =
        new Results(
            in.list(Decoder::string),
            in.list(Decoder::digest),
            in.list(Results::read),
            in.bool(),
            in.optional(Decoder::string),
            in.optional(Decoder::string));
    if (in.remaining() > 0
        || results.packs.size() > MOST
        || results.ended.size() > MOST
        || results.borrowed.size() > MOST_BORROWED) {
      throw new Fault.Invalid(
              "The report",
              "%d packs, %d datums, %d bytes more"
                  .formatted(results.packs.size(), results.ended.size(), in.remaining()),
              "at most %,d packs and datums, and nothing after them".formatted(MOST))
          .asException();
    }
    return results;
  }

  private static void write(Encoder out, One one) {
    out.digest(one.key());
    switch (one.ending()) {
      case Ending.Succeeded succeeded -> {
        out.u8(SUCCEEDED);
        succeeded.output().write(out);
      }
      case Ending.Failed failed -> out.u8(FAILED).string(failed.reason());
      case Ending.Recovered recovered -> out.u8(RECOVERED).string(recovered.reason());
    }
    out.list(one.ending().tries(), Results::write);
  }

  private static One read(Decoder in) {
    Digest key = in.digest();
    int kind = in.u8();
    Ending ending =
        switch (kind) {
          case SUCCEEDED -> {
            Fileset output = Fileset.read(in);
            yield new Ending.Succeeded(output, tries(in));
          }
          case FAILED -> {
            String reason = in.string();
            yield new Ending.Failed(reason, tries(in));
          }
          case RECOVERED -> {
            String reason = in.string();
            yield new Ending.Recovered(reason, tries(in));
          }
          default ->
              throw new Fault.Invalid("The kind of an ending", Integer.toString(kind), "1 to 3")
                  .asException();
        };
    return new One(key, ending);
  }

  private static List<Ending.Try> tries(Decoder in) {
    List<Ending.Try> tries = in.list(Results::attempt);
    if (tries.isEmpty()) {
      throw new Fault.Invalid("The tries of a datum", "0", "at least 1").asException();
    }
    return tries;
  }

  private static void write(Encoder out, Ending.Try one) {
    out.varint(one.exitCode()).optional(one.problem(), Encoder::string);
    Body.write(out, one.log());
    out.fixed64(ChronoUnit.MICROS.between(Instant.EPOCH, one.started()));
    out.varint(one.wallMicros()).varint(one.userMicros()).varint(one.systemMicros());
    out.varint(one.maxRssKib());
  }

  private static Ending.Try attempt(Decoder in) {
    int exitCode = (int) in.varint();
    Optional<String> problem = in.optional(Decoder::string);
    Body log = Body.read(in);
    if (log instanceof Body.Reference(var file)) {
      throw new Fault.Invalid("The log of a try", file.location(), "bytes of the store")
          .asException();
    }
    long micros = in.fixed64();
    if (micros < 0 || micros > LATEST) {
      throw new Fault.Invalid(
              "The start of a try", Long.toString(micros), "microseconds since 1970")
          .asException();
    }
    Instant started = Instant.EPOCH.plus(micros, ChronoUnit.MICROS);
    return new Ending.Try(
        exitCode, problem, log, started, in.varint(), in.varint(), in.varint(), in.varint());
  }
}
