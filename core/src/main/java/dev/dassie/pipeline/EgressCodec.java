package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Egress.Format;
import java.util.Optional;

/// The stored form of an [Egress] (docs/format.md, "Pipeline specs").
final class EgressCodec {
  private static final int OBJECTS = 1;
  private static final int DATABASE = 2;
  private static final int CSV = 1;
  private static final int JSON = 2;

  private EgressCodec() {}

  static void write(Encoder out, Egress egress) {
    switch (egress) {
      case Egress.Objects objects ->
          out.u8(OBJECTS).string(objects.url()).optional(objects.secret(), Encoder::string);
      case Egress.Database database ->
          out.u8(DATABASE)
              .string(database.url())
              .optional(database.secret(), Encoder::string)
              .optional(database.key(), Encoder::string)
              .u8(database.format() == Format.CSV ? CSV : JSON)
              .list(database.columns(), Encoder::string);
    }
  }

  static Egress read(Decoder in) {
    int kind = in.u8();
    if (kind == OBJECTS) {
      return new Egress.Objects(in.string(), in.optional(Decoder::string));
    }
    if (kind != DATABASE) {
      throw new Fault.Corrupt("A pipeline spec", "an egress of kind 1 or 2", "kind " + kind)
          .asException();
    }
    String url = in.string();
    Optional<String> secret = in.optional(Decoder::string);
    Optional<String> key = in.optional(Decoder::string);
    Format format = in.u8() == CSV ? Format.CSV : Format.JSON;
    return new Egress.Database(url, format, in.list(Decoder::string), secret, key);
  }
}
