package dev.dassie.store.s3;

import java.util.function.Supplier;
import software.amazon.awssdk.auth.credentials.AwsCredentials;
import software.amazon.awssdk.auth.credentials.AwsCredentialsProvider;

/// Credentials that are looked up anew once the store has said that they expired: those that were
/// known may come from a file or service that has newer ones. Thread-safe.
final class Renewing implements AwsCredentialsProvider {
  private final Supplier<AwsCredentialsProvider> source;
  private volatile AwsCredentialsProvider current;

  Renewing(Supplier<AwsCredentialsProvider> source) {
    this.source = source;
    this.current = source.get();
  }

  void renew() {
    current = source.get();
  }

  @Override
  public AwsCredentials resolveCredentials() {
    return current.resolveCredentials();
  }
}
