package dev.dassie.job.worker;

import java.time.Instant;
import java.util.List;
import java.util.Optional;

/// A worker as people see it.
///
/// @param state `idle`, `busy`, `resting` (after trouble) or `leaving`
/// @param seen when it was heard of last
/// @param leases it has now
/// @param datums that are under its leases and have no result
/// @param done datums that it has reported
/// @param returned datums that it has given back
/// @param note what a person should know, in a sentence
public record WorkerView(
    String id,
    Joining said,
    String state,
    Instant joined,
    Instant seen,
    List<Long> leases,
    long datums,
    long done,
    long returned,
    Optional<String> note) {
  public WorkerView {
    leases = List.copyOf(leases);
  }
}
