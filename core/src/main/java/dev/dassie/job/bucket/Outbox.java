package dev.dassie.job.bucket;

import dev.dassie.fileset.Fileset;

/// Where code leaves its output instead of `/pfs/out`. Thread-safe.
public interface Outbox {
  /// A try begins: what came before it is gone, and what is written from now on counts.
  ///
  /// @param most bytes that the code may write to it in this try; 0 is without a limit
  void begin(long most);

  /// Whether the code of this try wrote more than it may.
  boolean isOver();

  /// The try ended well: all that it wrote, durable. Nothing more is taken until the next begins.
  Fileset take();
}
