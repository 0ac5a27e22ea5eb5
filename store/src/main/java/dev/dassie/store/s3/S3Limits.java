package dev.dassie.store.s3;

import java.time.Duration;

/// How long a store may keep us waiting, how often it is asked again, and how much at once.
///
/// @param connect for a connection to be made
/// @param stall without a byte moved, after which a request is ended and made again
/// @param tries of one request
/// @param firstPause the longest pause before the second try; it doubles with each further one
/// @param longestPause the longest of all pauses
/// @param patience after which no further try is begun
/// @param requests at one time
/// @param part bytes of a part of an upload in parts, at least 5 MiB (a rule of S3)
/// @param whole bytes of the largest object that is put in one request
public record S3Limits(
    Duration connect,
    Duration stall,
    int tries,
    Duration firstPause,
    Duration longestPause,
    Duration patience,
    int requests,
    int part,
    long whole) {
  private static final Duration START = Duration.ofSeconds(20);

  /// What a server uses.
  public static S3Limits defaults() {
    return new S3Limits(
        Duration.ofSeconds(10),
        Duration.ofSeconds(20),
        8,
        Duration.ofMillis(200),
        Duration.ofSeconds(10),
        Duration.ofMinutes(2),
        32,
        8 << 20,
        16 << 20);
  }

  /// For a server that starts, which had better say soon what it does not find.
  S3Limits atStart() {
    return new S3Limits(
        connect,
        stall,
        Math.min(tries, 4),
        firstPause,
        longestPause,
        patience.compareTo(START) < 0 ? patience : START,
        requests,
        part,
        whole);
  }
}
