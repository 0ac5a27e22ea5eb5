package dev.dassie.executor.container;

import dev.dassie.fault.Fault;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of an image as specs write it: `[registry/]name[:tag][@digest]`.
///
/// @param name with its registry, if it has one
/// @param tag `latest` where neither tag nor digest is said
record Reference(String text, String name, Optional<String> tag, Optional<String> digest) {
  private static final Pattern FORM =
      Pattern.compile(
          "(?<name>(?:[A-Za-z0-9](?:[A-Za-z0-9.-]{0,252}[A-Za-z0-9])?(?::[0-9]{1,5})?/)?"
              + "[a-z0-9]+(?:[._-]+[a-z0-9]+)*(?:/[a-z0-9]+(?:[._-]+[a-z0-9]+)*){0,20})"
              + "(?::(?<tag>[A-Za-z0-9_][A-Za-z0-9_.-]{0,127}))?"
              + "(?:@(?<digest>sha256:[0-9a-f]{64}))?");

  private static final int LONGEST = 512;

  /// @throws dev.dassie.fault.DassieException `Invalid` where it is none
  static Reference parse(String text) {
    Matcher parts = FORM.matcher(text);
    if (text.length() > LONGEST || !parts.matches()) {
      throw new Fault.Invalid(
              "`transform.image`",
              text,
              "the name of an image such as `python:3.13` or `registry.example.org/team/tool@sha256:…`")
          .asException();
    }
    Optional<String> tag = Optional.ofNullable(parts.group("tag"));
    Optional<String> digest = Optional.ofNullable(parts.group("digest"));
    return new Reference(
        text,
        parts.group("name"),
        digest.isPresent() ? tag : Optional.of(tag.orElse("latest")),
        digest);
  }

  /// Another image of the same name.
  Reference at(String other) {
    return new Reference(name + "@" + other, name, Optional.empty(), Optional.of(other));
  }

  /// What a registry is asked for.
  String version() {
    return digest.orElseGet(() -> tag.orElse("latest"));
  }
}
