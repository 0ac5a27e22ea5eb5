package dev.dassie.job;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;

/// Tries and the bodies of their logs as bytes (docs/format.md, "Results").
final class TryCodec {
  private static final int INLINE = 1;
  private static final int SINGLE = 2;
  private static final int RECIPE = 3;

  private TryCodec() {}

  static void write(Encoder out, Ending.Try one) {
    out.varint(one.exitCode()).optional(one.problem(), Encoder::string);
    body(out, one.log());
    JobCodec.instant(out, one.started());
    out.varint(one.wallMicros()).varint(one.userMicros()).varint(one.systemMicros());
    out.varint(one.maxRssKib());
  }

  static Ending.Try read(Decoder in) {
    return new Ending.Try(
        (int) in.varint(),
        in.optional(Decoder::string),
        body(in),
        JobCodec.instant(in),
        in.varint(),
        in.varint(),
        in.varint(),
        in.varint());
  }

  private static void body(Encoder out, Body body) {
    switch (body) {
      case Body.Inline inline -> out.u8(INLINE).bytes(inline.bytes());
      case Body.Single single -> out.u8(SINGLE).digest(single.chunk()).varint(single.size());
      case Body.Recipe recipe -> out.u8(RECIPE).digest(recipe.root()).varint(recipe.size());
      case Body.Reference reference -> throw new IllegalArgumentException(reference.toString());
    }
  }

  private static Body body(Decoder in) {
    int kind = in.u8();
    return switch (kind) {
      case INLINE -> new Body.Inline(in.bytes());
      case SINGLE -> new Body.Single(in.digest(), in.varint());
      case RECIPE -> new Body.Recipe(in.digest(), in.varint());
      default ->
          throw new Fault.Corrupt("The log of a try", "a kind of body", Integer.toString(kind))
              .asException();
    };
  }
}
