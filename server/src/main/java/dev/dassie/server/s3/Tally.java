package dev.dassie.server.s3;

/// Is told of every request that was answered. Thread-safe.
public interface Tally {
  /// @param operation its name in the S3 API reference; `none` where a request named none, or was
  ///   refused before it was known
  /// @param status of the reply; 499 where the client went away before it was whole
  /// @param nanos from the head of the request to the end of the reply
  /// @param in bytes of the body that were read
  /// @param out bytes of the reply's body
  void answered(String operation, int status, long nanos, long in, long out);
}
