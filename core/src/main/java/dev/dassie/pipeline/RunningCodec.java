package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import java.util.Optional;

/// The numbered fields of a stored spec that say how its code runs (docs/format.md, "Pipeline
/// specs").
final class RunningCodec {
  /// The last field that this release knows.
  static final int NEWEST = 9;

  private static final int BATCHING = 3;
  private static final int SETS = 4;
  private static final int SERVICE = 5;
  private static final int SPOUT = 6;

  /// Behind the fields of others, which have the numbers between.
  private static final int TO_BUCKET = NEWEST;

  private static final int NUMBER = 1;
  private static final int SIZE_BYTES = 2;
  private static final int PER_WORKER = 3;
  private static final int PORTS = 65_535;

  private RunningCodec() {}

  static SpecFields.Writer add(SpecFields.Writer fields, Running running) {
    Optional<Running.DatumSets> sets =
        running instanceof Running.OnDatums on ? on.sets() : Optional.empty();
    Optional<Running.Service> service =
        running instanceof Running.Spout spout ? spout.service() : running.service();
    return fields
        .flag(BATCHING, running instanceof Running.OnDatums on && on.batching())
        .value(SETS, sets, RunningCodec::sets)
        .value(
            SERVICE,
            service,
            (out, one) -> out.varint(one.internalPort()).varint(one.externalPort()))
        .flag(SPOUT, running instanceof Running.Spout);
  }

  /// The fields whose numbers come after those of others.
  static SpecFields.Writer addLast(SpecFields.Writer fields, Running running) {
    return fields.flag(TO_BUCKET, running.toBucket());
  }

  static Running read(SpecFields fields) {
    Optional<Running.Service> service =
        fields.value(SERVICE, in -> new Running.Service(in.length(PORTS), in.length(PORTS)));
    if (fields.flag(SPOUT)) {
      return new Running.Spout(service);
    }
    return service
        .<Running>map(one -> one)
        .orElseGet(() ->
            new Running.OnDatums(
                fields.flag(BATCHING),
                fields.value(SETS, RunningCodec::sets),
                fields.flag(TO_BUCKET)));
  }

  private static void sets(Encoder out, Running.DatumSets sets) {
    switch (sets) {
      case Running.DatumSets.OfDatums it -> out.u8(NUMBER).varint(it.datums());
      case Running.DatumSets.OfBytes it -> out.u8(SIZE_BYTES).varint(it.bytes());
      case Running.DatumSets.PerWorker it -> out.u8(PER_WORKER).varint(it.sets());
    }
  }

  private static Running.DatumSets sets(Decoder in) {
    int kind = in.u8();
    long value = in.varint();
    return switch (kind) {
      case NUMBER -> new Running.DatumSets.OfDatums(value);
      case SIZE_BYTES -> new Running.DatumSets.OfBytes(value);
      case PER_WORKER -> new Running.DatumSets.PerWorker(value);
      default ->
          throw new Fault.Corrupt("A pipeline spec", "datum sets of kind 1 to 3", "kind " + kind)
              .asException();
    };
  }
}
