package dev.dassie.content;

import java.util.regex.Pattern;

/// What a key of an [ObjectStore] looks like.
final class KeyRule {
  static final Pattern KEY = Pattern.compile("[a-z0-9][a-z0-9._-]*(/[a-z0-9][a-z0-9._-]*)*");

  private KeyRule() {}
}
