package dev.dassie.server;

import dev.dassie.content.Digest;
import dev.dassie.fault.Fault;
import dev.dassie.metadata.Metadata;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Consumer;

/// Makes the rows and the feed of one database those of another, in pages, so that what it holds in
/// memory does not grow with them. What stands there already stays, so a copy that was broken off
/// goes on. Rows of the table `server` are each database's own. Nobody else may write to either
/// meanwhile.
final class RowCopy {
  private static final String OWN = "server";
  private static final int PAGE = 256;
  private static final int GROUP = 1_000;
  private static final long GROUP_BYTES = 4L << 20;

  private final Metadata from;
  private final Metadata to;

  RowCopy(Metadata from, Metadata to) {
    this.from = from;
    this.to = to;
  }

  /// What a database holds.
  ///
  /// @param digest over all of it, in order
  record Sum(long rows, long events, Digest digest) {}

  /// Whether a database holds nothing but rows of its own.
  static boolean isNew(Metadata metadata) {
    return metadata.position() == 0 && tables(metadata).isEmpty();
  }

  private static List<String> tables(Metadata metadata) {
    return metadata.read(Metadata.Reader::tables).stream()
        .filter(table -> !table.equals(OWN))
        .toList();
  }

  /// Copies, then reads both again.
  ///
  /// @throws dev.dassie.fault.DassieException `Corrupt` where they differ then
  Sum run() {
    TreeSet<String> tables = new TreeSet<>(tables(from));
    tables.addAll(tables(to));
    tables.forEach(this::table);
    feed();
    Sum read = sum(from);
    Sum written = sum(to);
    if (!read.equals(written)) {
      throw new Fault.Corrupt("The copy of the database", read.toString(), written.toString())
          .asException();
    }
    return written;
  }

  private void table(String table) {
    Group group = new Group(table);
    Rows source = new Rows(from, table);
    Rows target = new Rows(to, table);
    while (source.peek().isPresent() || target.peek().isPresent()) {
      int order = order(source.peek(), target.peek());
      if (order > 0) {
        group.delete(target.next());
      } else if (order < 0) {
        group.put(source.next());
      } else {
        Metadata.Row row = source.next();
        if (!Arrays.equals(row.value(), target.next().value())) {
          group.put(row);
        }
      }
    }
    group.write();
  }

  /// Where one has ended, the other comes first.
  private static int order(Optional<Metadata.Row> one, Optional<Metadata.Row> other) {
    if (one.isEmpty() || other.isEmpty()) {
      return one.isEmpty() ? 1 : -1;
    }
    return Arrays.compareUnsigned(utf8(one.get().name()), utf8(other.get().name()));
  }

  private void feed() {
    long at = to.position();
    if (at > from.position()) {
      throw new Fault.Conflict(
              "The other database has %,d changes and this one %,d, so they are not the same."
                  .formatted(at, from.position()),
              Optional.of("Give a database that is new."))
          .asException();
    }
    for (List<Metadata.Event> page = from.events(at, PAGE);
        !page.isEmpty();
        page = from.events(page.getLast().position(), PAGE)) {
      List<Metadata.Event> events = page;
      to.<Boolean>write(writer -> {
        for (Metadata.Event event : events) {
          long position = writer.append(event.value());
          if (position != event.position()) {
            throw new Fault.Corrupt("The feed", "position " + event.position(), "" + position)
                .asException();
          }
        }
        return true;
      });
    }
  }

  private static Sum sum(Metadata metadata) {
    MessageDigest digest = Digest.sha256();
    long[] rows = {0};
    for (String table : tables(metadata)) {
      Rows all = new Rows(metadata, table);
      while (all.peek().isPresent()) {
        Metadata.Row row = all.next();
        rows[0]++;
        part(digest, utf8(table));
        part(digest, utf8(row.name()));
        part(digest, row.value());
      }
    }
    long events = 0;
    for (List<Metadata.Event> page = metadata.events(0, PAGE);
        !page.isEmpty();
        page = metadata.events(page.getLast().position(), PAGE)) {
      page.forEach(event -> part(digest, event.value()));
      events = page.getLast().position();
    }
    return new Sum(rows[0], events, Digest.ofHash(digest.digest()));
  }

  /// With its length before it, so that no two lists of parts look the same.
  private static void part(MessageDigest digest, byte[] bytes) {
    for (int shift = 24; shift >= 0; shift -= 8) {
      digest.update((byte) (bytes.length >>> shift));
    }
    digest.update(bytes);
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// The rows of a table in order, read in pages.
  private static final class Rows {
    private final Metadata metadata;
    private final String table;
    private final Deque<Metadata.Row> page = new ArrayDeque<>();
    private String last = "";
    private boolean ended;

    Rows(Metadata metadata, String table) {
      this.metadata = metadata;
      this.table = table;
    }

    Optional<Metadata.Row> peek() {
      if (page.isEmpty() && !ended) {
        page.addAll(metadata.read(rows -> rows.scan(table, "", last, PAGE)));
        ended = page.size() < PAGE;
      }
      return Optional.ofNullable(page.peek());
    }

    Metadata.Row next() {
      Metadata.Row row = page.remove();
      last = row.name();
      return row;
    }
  }

  /// Changes that are written together.
  private final class Group {
    private final String table;
    private final List<Consumer<Metadata.Writer>> changes = new ArrayList<>();
    private long bytes;

    Group(String table) {
      this.table = table;
    }

    void put(Metadata.Row row) {
      Metadata.Key key = new Metadata.Key(table, row.name());
      add(writer -> writer.put(key, row.value()), row.value().length);
    }

    void delete(Metadata.Row row) {
      Metadata.Key key = new Metadata.Key(table, row.name());
      add(writer -> writer.delete(key), 0);
    }

    private void add(Consumer<Metadata.Writer> change, long size) {
      changes.add(change);
      bytes += size;
      if (changes.size() == GROUP || bytes > GROUP_BYTES) {
        write();
      }
    }

    void write() {
      if (!changes.isEmpty()) {
        to.<Boolean>write(writer -> {
          changes.forEach(change -> change.accept(writer));
          return true;
        });
        changes.clear();
        bytes = 0;
      }
    }
  }
}
