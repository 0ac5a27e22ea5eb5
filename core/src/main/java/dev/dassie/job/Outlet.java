package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.secret.SecretValues;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Brings outputs to places outside. Thread-safe. Every implementation
/// - MUST leave the same behind however often an output is written, also after a half of it;
/// - MUST end soon, with any refusal, once it is told to stop;
/// - MUST bound every wait; refuses with `Fault.Unavailable` or `Fault.Full` what may work later
///   and with another fault what would not; and MUST NOT show credentials in either.
public interface Outlet {
  /// Refuses a place that it would never write to.
  void check(Egress to);

  /// Writes all files of an output.
  ///
  /// @param secret what [Egress#secret] names
  /// @param stopped asked often; true ends the work
  void write(
      Egress to,
      Fileset output,
      ChunkStore chunks,
      Optional<SecretValues> secret,
      BooleanSupplier stopped);

  /// Writes nowhere.
  Outlet NONE =
      new Outlet() {
        @Override
        public void check(Egress to) {
          throw new Fault.Unsupported("egress", Optional.empty()).asException();
        }

        @Override
        public void write(
            Egress to,
            Fileset output,
            ChunkStore chunks,
            Optional<SecretValues> secret,
            BooleanSupplier stopped) {
          check(to);
        }
      };
}
