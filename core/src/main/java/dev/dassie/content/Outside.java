package dev.dassie.content;

import dev.dassie.fault.Fault;

/// A file that lies elsewhere and stays there: where it is, and which version of it is meant
/// (docs/format.md, "References").
///
/// @param location a URL, at most 2,048 characters: `file:///data/a.csv`
/// @param size in bytes
/// @param version what tells this version of the file from others, at most 256 characters: `mtime:`
///   and seconds since 1970 for files of the host, `version:` or `etag:` for objects
public record Outside(String location, long size, String version) {
  private static final int MAX_LOCATION = 2048;
  private static final int MAX_VERSION = 256;

  public Outside {
    if (location.length() > MAX_LOCATION || location.indexOf(':') <= 0) {
      throw new Fault.Invalid(
              "The location",
              location.substring(0, Math.min(100, location.length())),
              "a URL of at most 2,048 characters")
          .asException();
    }
    if (version.length() > MAX_VERSION || size < 0) {
      throw new Fault.Invalid("The version of " + location, version, "at most 256 characters")
          .asException();
    }
  }

  public void write(Encoder out) {
    out.varint(size).string(location).string(version);
  }

  public static Outside read(Decoder in) {
    long size = in.varint();
    return new Outside(in.string(), size, in.string());
  }

  /// The SHA-256 of the stored form: what the reference is, never what the file holds.
  public Digest digest() {
    Encoder out = new Encoder();
    write(out);
    return Digest.of(out.toBytes());
  }
}
