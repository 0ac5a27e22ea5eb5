package dev.dassie.server.http;

/// One configured value and where it comes from: `default`, `file PATH`, `environment NAME` or
/// `flag`.
public record Setting(String key, String value, String source) {
  /// The source of a value that nobody set.
  public static final String DEFAULT = "default";
}
