package dev.dassie.fileset;

import dev.dassie.fault.Fault;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;

/// What is known of a file beyond its content: no part of its hash, kept by copies and merges, gone
/// with the file. Together at most [#MAX_BYTES].
///
/// @param etag the tag that whoever wrote the file gave its bytes, without quotes
/// @param written when that was, where the writer said so; else the end of the commit tells
/// @param headers standard headers beside the content type
/// @param user what users said about it, by key
/// @param checksums of all bytes, at most one of an algorithm
/// @param parts the sizes of the pieces that it was written in, in order; empty where it was one
public record FileAttributes(
    Optional<String> contentType,
    Optional<String> etag,
    Optional<Instant> written,
    SortedMap<Header, String> headers,
    SortedMap<String, String> user,
    List<Checksum> checksums,
    List<Run> parts) {
  /// The largest record, encoded.
  public static final int MAX_BYTES = 8 << 10;

  /// The longest content type.
  public static final int MAX_CONTENT_TYPE = 1024;

  /// Nothing is known.
  public static final FileAttributes NONE =
      new FileAttributes(
          Optional.empty(),
          Optional.empty(),
          Optional.empty(),
          new TreeMap<>(),
          new TreeMap<>(),
          List.of(),
          List.of());

  /// Standard headers. Codes are stored.
  public enum Header {
    CACHE_CONTROL(4),
    CONTENT_DISPOSITION(5),
    CONTENT_ENCODING(6),
    CONTENT_LANGUAGE(7),
    EXPIRES(8);

    private final int code;

    Header(int code) {
      this.code = code;
    }

    int code() {
      return code;
    }
  }

  /// So many pieces of one size after each other.
  public record Run(long size, int count) {
    public Run {
      if (size < 0 || count < 1) {
        throw new IllegalArgumentException(count + " pieces of " + size + " bytes");
      }
    }
  }

  public FileAttributes {
    headers = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(headers));
    user = java.util.Collections.unmodifiableSortedMap(new TreeMap<>(user));
    checksums = List.copyOf(checksums);
    parts = List.copyOf(parts);
  }

  /// A content type alone, or nothing.
  public static FileAttributes ofType(Optional<String> contentType) {
    return contentType.isEmpty() ? NONE : NONE.withContentType(contentType);
  }

  public FileAttributes withContentType(Optional<String> type) {
    return new FileAttributes(type, etag, written, headers, user, checksums, parts);
  }

  public FileAttributes withEtag(String tag) {
    return new FileAttributes(
        contentType, Optional.of(tag), written, headers, user, checksums, parts);
  }

  public FileAttributes withWritten(Instant at) {
    return new FileAttributes(contentType, etag, Optional.of(at), headers, user, checksums, parts);
  }

  public FileAttributes withHeaders(Map<Header, String> all) {
    return new FileAttributes(
        contentType, etag, written, new TreeMap<>(all), user, checksums, parts);
  }

  public FileAttributes withUser(Map<String, String> all) {
    return new FileAttributes(
        contentType, etag, written, headers, new TreeMap<>(all), checksums, parts);
  }

  public FileAttributes withChecksums(List<Checksum> all) {
    return new FileAttributes(contentType, etag, written, headers, user, all, parts);
  }

  public FileAttributes withParts(List<Run> all) {
    return new FileAttributes(contentType, etag, written, headers, user, checksums, all);
  }

  /// The same without what depends on the bytes: for a file whose bytes change.
  public FileAttributes ofOtherBytes() {
    return new FileAttributes(
        contentType, Optional.empty(), written, headers, user, List.of(), List.of());
  }

  /// About what it takes on the heap, in bytes.
  public long weight() {
    long texts =
        contentType.map(String::length).orElse(0)
            + etag.map(String::length).orElse(0)
            + headers.values().stream().mapToLong(String::length).sum()
            + user.entrySet().stream()
                .mapToLong(pair -> pair.getKey().length() + pair.getValue().length())
                .sum();
    return equals(NONE)
        ? 0
        : 200 + 2 * texts + 100L * (user.size() + headers.size() + checksums.size() + parts.size());
  }

  /// The entity tag of a file with these attributes: the one that was given with its bytes, else
  /// the first 32 hex digits of its content hash and `-1`, which tells clients that it is no MD5.
  public String etag(Entry.File file) {
    return etag.orElseGet(() -> file.hash().digest().toString().substring(0, 32) + "-1");
  }

  /// The stored form (docs/format.md, "Attributes"); empty where nothing is known. `Fault.Invalid`
  /// where it is longer than [#MAX_BYTES] or the content type than [#MAX_CONTENT_TYPE]; `path`
  /// names the file then.
  public byte[] encode(FilePath path) {
    int length = contentType.map(String::length).orElse(0);
    if (length > MAX_CONTENT_TYPE) {
      throw new Fault.Invalid(
              "The content type of " + path,
              contentType.orElseThrow().substring(0, 40) + "…",
              "at most " + MAX_CONTENT_TYPE + " characters")
          .asException();
    }
    byte[] bytes = AttributesFormat.encode(this);
    if (bytes.length > MAX_BYTES) {
      throw new Fault.Invalid(
              "The attributes of " + path, bytes.length + " bytes", "at most 8,192 bytes")
          .asException();
    }
    return bytes;
  }

  /// Reads what [#encode] wrote.
  public static FileAttributes decode(byte[] bytes) {
    return bytes.length == 0 ? NONE : AttributesFormat.decode(bytes);
  }
}
