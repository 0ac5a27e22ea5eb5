package dev.dassie.pipeline;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.version.trigger.Schedule;
import java.time.Instant;
import java.util.Optional;

/// What makes the ticks of a cron input: at each time of the schedule the server puts an empty file
/// named by the time into a repo that it owns, as one commit.
///
/// @param start from when on there are ticks; without it from when the pipeline was made. Those of
///   the past come at once
/// @param overwrite whether the file of a tick replaces those of the ticks before it
public record Cron(Schedule schedule, Optional<Instant> start, boolean overwrite) {
  void write(Encoder out) {
    out.string(schedule.text()).optional(start, Cron::writeTime).bool(overwrite);
  }

  static Cron read(Decoder in) {
    return new Cron(Schedule.parse(in.string()), in.optional(Cron::readTime), in.bool());
  }

  static void writeTime(Encoder out, Instant at) {
    out.fixed64(at.getEpochSecond()).varint(at.getNano());
  }

  static Instant readTime(Decoder in) {
    return Instant.ofEpochSecond(in.fixed64(), in.length(999_999_999));
  }
}
