package dev.dassie.job;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import java.util.List;
import java.util.Optional;

/// What a computation left: the ending of one datum, by its key. Only successes are reused; failed
/// and recovered ones stand in the record of their job.
///
/// @param context digest of the [RunContext] under which it ran
public record Result(Digest context, Ending ending) {
  static final int VERSION = 1;
  private static final int SUCCEEDED = 1;
  private static final int FAILED = 2;
  private static final int RECOVERED = 3;

  /// The files it left; none unless it succeeded.
  public Optional<Fileset> output() {
    return ending instanceof Ending.Succeeded succeeded
        ? Optional.of(succeeded.output())
        : Optional.empty();
  }

  /// Why it did not succeed, else empty.
  public String reason() {
    return switch (ending) {
      case Ending.Succeeded succeeded -> "";
      case Ending.Failed failed -> failed.reason();
      case Ending.Recovered recovered -> recovered.reason();
    };
  }

  byte[] encode() {
    Encoder out = new Encoder().u8(VERSION).digest(context);
    switch (ending) {
      case Ending.Succeeded succeeded -> {
        out.u8(SUCCEEDED);
        succeeded.output().write(out);
      }
      case Ending.Failed failed -> out.u8(FAILED).string(failed.reason());
      case Ending.Recovered recovered -> out.u8(RECOVERED).string(recovered.reason());
    }
    return out.list(ending.tries(), TryCodec::write).toBytes();
  }

  static Result decode(byte[] bytes) {
    Decoder in = new Decoder("The result of a datum", bytes);
    JobCodec.version(in, VERSION, "result record");
    Digest context = in.digest();
    int kind = in.u8();
    return switch (kind) {
      case SUCCEEDED -> {
        Fileset output = Fileset.read(in);
        yield new Result(context, new Ending.Succeeded(output, tries(in)));
      }
      case FAILED -> {
        String reason = in.string();
        yield new Result(context, new Ending.Failed(reason, tries(in)));
      }
      case RECOVERED -> {
        String reason = in.string();
        yield new Result(context, new Ending.Recovered(reason, tries(in)));
      }
      default ->
          throw new Fault.Corrupt("The result of a datum", "a kind", Integer.toString(kind))
              .asException();
    };
  }

  private static List<Ending.Try> tries(Decoder in) {
    return in.list(TryCodec::read);
  }
}
