package dev.dassie.server.console.preview;

import java.util.Arrays;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;

/// The ways to look at a file.
public enum Kind {
  TEXT,
  TABLE,
  IMAGE,
  PAGE,
  MARKDOWN,
  NOTEBOOK,
  PARQUET,
  HEX;

  private static final Map<String, Kind> BY_ENDING =
      Map.ofEntries(
          Map.entry("csv", TABLE),
          Map.entry("tsv", TABLE),
          Map.entry("tab", TABLE),
          Map.entry("jsonl", TABLE),
          Map.entry("ndjson", TABLE),
          Map.entry("json", TABLE),
          Map.entry("md", MARKDOWN),
          Map.entry("markdown", MARKDOWN),
          Map.entry("htm", PAGE),
          Map.entry("html", PAGE),
          Map.entry("ipynb", NOTEBOOK),
          Map.entry("parquet", PARQUET),
          Map.entry("pq", PARQUET));

  private static final Map<String, String> IMAGES =
      Map.ofEntries(
          Map.entry("png", "image/png"),
          Map.entry("jpg", "image/jpeg"),
          Map.entry("jpeg", "image/jpeg"),
          Map.entry("gif", "image/gif"),
          Map.entry("webp", "image/webp"),
          Map.entry("avif", "image/avif"),
          Map.entry("bmp", "image/bmp"),
          Map.entry("ico", "image/x-icon"),
          Map.entry("svg", "image/svg+xml"));

  /// Of a name that says nothing, its bytes decide between text and hex.
  public static Optional<Kind> of(String name) {
    String ending = ending(name);
    return IMAGES.containsKey(ending)
        ? Optional.of(IMAGE)
        : Optional.ofNullable(BY_ENDING.get(ending));
  }

  /// The media type under which an image is sent.
  public static Optional<String> imageType(String name) {
    return Optional.ofNullable(IMAGES.get(ending(name)));
  }

  static String ending(String name) {
    return name.substring(name.lastIndexOf('.') + 1).toLowerCase(Locale.ROOT);
  }

  /// The kind under its word in links: `text`.
  public static Optional<Kind> parse(String word) {
    return Arrays.stream(values()).filter(kind -> kind.word().equals(word)).findFirst();
  }

  /// The words of all kinds.
  public static Set<String> words() {
    return Set.copyOf(Arrays.stream(values()).map(Kind::word).toList());
  }

  /// As links have it: `text`.
  public String word() {
    return name().toLowerCase(Locale.ROOT);
  }
}
