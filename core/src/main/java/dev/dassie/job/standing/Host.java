package dev.dassie.job.standing;

import dev.dassie.version.RepoName;
import java.net.URI;

/// What a server gives to the processes that stay.
///
/// @param url where they reach it
/// @param bind the address on which services are reached from outside
public record Host(URI url, String bind, Tokens tokens) {
  /// Names under which processes ask the server for something.
  public interface Tokens {
    /// A new token, good for the pipeline that writes this repo until it is revoked.
    String issue(RepoName output);

    void revoke(String token);
  }
}
