package dev.dassie.server.console.preview;

import dev.dassie.api.Json;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;

/// Reads a bounded part of a file and says how it looks.
public final class Previews {
  /// Bytes of text that one page shows.
  public static final int TEXT = 128 << 10;

  /// Bytes that tables, Markdown and notebooks are made of.
  public static final int RENDERED = 1 << 20;

  /// Bytes as hex that one page shows.
  public static final int HEX = 4 << 10;

  /// The largest image or page that is shown.
  public static final long EMBEDDED = 32L << 20;

  private static final int LINE = 16;

  private Previews() {}

  /// Reads bytes of the file.
  @FunctionalInterface
  public interface Bytes {
    byte[] read(long offset, int length) throws IOException;
  }

  /// Not of Parquet files, which [Parquets] shows.
  ///
  /// @param name of the file
  /// @param asked how to look at it, if the reader said so
  /// @param from offset of the first byte of text or hex to show
  public static Preview of(String name, long size, Optional<Kind> asked, long from, Bytes bytes)
      throws IOException {
    if (size == 0) {
      return new Preview.Empty();
    }
    Optional<Kind> kind = asked.or(() -> Kind.of(name));
    if (kind.isEmpty()) {
      return text(size, from, bytes).orElseGet(() -> hex(size, from, read(bytes, from, HEX)));
    }
    return switch (kind.get()) {
      case TEXT -> text(size, from, bytes).orElseGet(() -> hex(size, from, read(bytes, from, HEX)));
      case HEX, PARQUET -> hex(size, from, bytes.read(from, HEX));
      case IMAGE -> embedded(size, new Preview.Image());
      case PAGE -> embedded(size, new Preview.Page());
      case TABLE, MARKDOWN, NOTEBOOK -> rendered(kind.get(), name, size, bytes);
    };
  }

  private static byte[] read(Bytes bytes, long from, int length) {
    try {
      return bytes.read(from, length);
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  private static Preview embedded(long size, Preview preview) {
    return size <= EMBEDDED
        ? preview
        : new Preview.Unshown(
            "It has %d MiB; at most %d MiB are shown.".formatted(size >> 20, EMBEDDED >> 20));
  }

  private static Preview rendered(Kind kind, String name, long size, Bytes bytes)
      throws IOException {
    boolean whole = size <= RENDERED;
    Optional<String> text = decoded(bytes.read(0, (int) Math.min(size, RENDERED)), !whole);
    Optional<Preview> preview =
        text.flatMap(all ->
            switch (kind) {
              case TABLE -> Tables.of(name, all, whole);
              case MARKDOWN -> Optional.of(new Preview.Markdown(Markdown.html(all), whole));
              default -> whole ? Notebooks.of(all) : Optional.empty();
            });
    if (preview.isPresent()) {
      return preview.get();
    }
    if (Kind.ending(name).equals("json") && whole && text.isPresent()) {
      return json(text.get());
    }
    return text(size, 0, bytes).orElseGet(() -> hex(size, 0, read(bytes, 0, HEX)));
  }

  private static Preview json(String text) {
    try {
      String pretty = Json.pretty(Json.parse(text));
      return new Preview.Text(
          pretty, pretty.lines().count(), Optional.of(1L), new Preview.Window(0, Optional.empty()));
    } catch (IOException e) {
      return new Preview.Text(
          text, text.lines().count(), Optional.of(1L), new Preview.Window(0, Optional.empty()));
    }
  }

  /// A part of text that ends with a line where it can; nothing where it is no text in UTF-8.
  private static Optional<Preview> text(long size, long from, Bytes bytes) throws IOException {
    byte[] read = bytes.read(from, TEXT);
    boolean end = from + read.length >= size;
    int length = read.length;
    if (!end) {
      int line = length;
      while (line > 0 && read[line - 1] != '\n') {
        line--;
      }
      length = line > 0 ? line : length;
    }
    // Within a line of more than a page the cut may fall within a letter.
    int start = 0;
    while (from > 0 && start < Math.min(3, length) && (read[start] & 0xc0) == 0x80) {
      start++;
    }
    Optional<String> text =
        decoded(java.util.Arrays.copyOfRange(read, start, length), !end).filter(Previews::isText);
    int shown = length;
    return text.map(all ->
        new Preview.Text(
            all,
            all.lines().count(),
            from == 0 ? Optional.of(1L) : Optional.empty(),
            new Preview.Window(from, end ? Optional.empty() : Optional.of(from + shown))));
  }

  private static boolean isText(String text) {
    return text.indexOf('\0') < 0;
  }

  /// Text in UTF-8. Where the bytes are a part of more, a letter that is cut at their end is left
  /// out.
  static Optional<String> decoded(byte[] bytes, boolean part) {
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    CharBuffer text = CharBuffer.allocate(bytes.length + 1);
    CoderResult result = decoder.decode(ByteBuffer.wrap(bytes), text, !part);
    return result.isError() ? Optional.empty() : Optional.of(text.flip().toString());
  }

  private static Preview hex(long size, long from, byte[] bytes) {
    List<Preview.HexLine> lines = new ArrayList<>();
    for (int at = 0; at < bytes.length; at += LINE) {
      StringBuilder hex = new StringBuilder();
      StringBuilder letters = new StringBuilder();
      for (int i = at; i < Math.min(at + LINE, bytes.length); i++) {
        hex.append(i == at ? "" : i % 8 == 0 ? "  " : " ")
            .append(String.format(Locale.ROOT, "%02x", bytes[i] & 0xff));
        letters.append(bytes[i] >= 0x20 && bytes[i] < 0x7f ? (char) bytes[i] : '.');
      }
      lines.add(
          new Preview.HexLine(
              String.format(Locale.ROOT, "%08x", from + at), hex.toString(), letters.toString()));
    }
    long next = from + bytes.length;
    return new Preview.Hex(
        lines, new Preview.Window(from, next < size ? Optional.of(next) : Optional.empty()));
  }
}
