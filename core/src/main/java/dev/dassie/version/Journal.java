package dev.dassie.version;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.TreeRoot;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/// The journal of an open commit: one row per edit, in the order of acknowledgement
/// (docs/format.md, "Journals"). It never has more than [#MAX_ROWS]: before that it is folded into
/// the commit's base.
final class Journal {
  static final int MAX_ROWS = 1_000;

  private static final int PUT = 1;
  private static final int GRAFT = 2;
  private static final int DELETE = 3;
  private static final int APPEND = 4;
  private static final int PUT_WITH_ATTRIBUTES = 5;
  private static final int DESCRIBE = 6;
  private static final int MARK = 7;
  private static final int UNMARK = 8;
  private static final int REMOVE = 9;
  private static final int PUT_WITH_CHUNK = 10;

  /// The longest chunk that stands in a row. Longer ones are in packs before the row is written: a
  /// pack costs more syncs than a row, but a row is written twice.
  static final int MAX_CARRIED = 4 << 10;

  private Journal() {}

  /// An edit, and the bytes of its one chunk where they stand in the row and nowhere else.
  record Noted(Edit edit, Optional<byte[]> chunk) {}

  /// How far a journal is: `next` numbers the next row and counts every change of the journal or of
  /// the base, `rows` are there.
  record State(long next, long rows) {
    static final State EMPTY = new State(0, 0);

    byte[] encode() {
      return new Encoder().u8(Tables.VERSION).varint(next).varint(rows).toBytes();
    }
  }

  static State state(Snapshot snapshot, CommitName name) {
    return snapshot
        .rows()
        .get(Tables.journalState(name))
        .map(bytes ->
            Tables.decode("A journal's state", bytes, in -> new State(in.varint(), in.varint())))
        .orElse(State.EMPTY);
  }

  /// The edits from row number `from` on.
  static List<Noted> entries(Snapshot snapshot, CommitName name, long from) {
    String prefix = name.key() + "/";
    String after = from == 0 ? "" : prefix + Tables.ordered(from - 1);
    List<Noted> entries = new ArrayList<>();
    for (var row : snapshot.rows().scan(Tables.JOURNAL, prefix, after, 2 * MAX_ROWS)) {
      entries.add(entry(row.value()));
    }
    return entries;
  }

  /// The edits alone; the chunks that stood in rows are put into the session.
  static List<Edit> edits(List<Noted> entries, ChunkStore.Session session) {
    for (Noted entry : entries) {
      if (entry.chunk().isPresent()) {
        byte[] chunk = entry.chunk().get();
        Digest _ = session.put(ChunkStore.Role.DATA, chunk, 0, chunk.length);
      }
    }
    return entries.stream().map(Noted::edit).toList();
  }

  /// Whether the edits come to markers of directories and nothing else.
  static boolean isOfMarkers(List<Noted> entries) {
    Set<FilePath> marked = new HashSet<>();
    for (Noted entry : entries) {
      if (!(entry.edit() instanceof Edit.Mark mark)) {
        return false;
      }
      boolean _ =
          mark.attributes().isPresent() ? marked.add(mark.path()) : marked.remove(mark.path());
    }
    return !marked.isEmpty();
  }

  /// What a row says.
  static Noted entry(byte[] row) {
    return Tables.decode("A journal row", row, Journal::readEntry);
  }

  private static Noted readEntry(Decoder in) {
    int kind = in.u8();
    if (kind != PUT_WITH_CHUNK) {
      return new Noted(((Operation.Plain) read(kind, in)).edit(), Optional.empty());
    }
    FilePath path = new FilePath(in.string());
    boolean executable = in.bool();
    byte[] chunk = in.bytes();
    Body body = new Body.Single(Digest.of(chunk), chunk.length);
    return new Noted(new Edit.Put(path, executable, body, readAttributes(in)), Optional.of(chunk));
  }

  /// The row of an edit; `chunk` are the bytes of a put whose body is one chunk that is not stored.
  static byte[] encode(Noted entry) {
    if (entry.chunk().isEmpty() || !(entry.edit() instanceof Edit.Put put)) {
      return encode(entry.edit());
    }
    return new Encoder()
        .u8(Tables.VERSION)
        .u8(PUT_WITH_CHUNK)
        .string(put.path().value())
        .bool(put.executable())
        .bytes(entry.chunk().get())
        .bytes(put.attributes().encode(put.path()))
        .toBytes();
  }

  static byte[] encode(Edit edit) {
    return Tables.encode(new Operation.Plain(edit), Journal::write);
  }

  /// The stored form of an operation, without the record version.
  static void write(Encoder out, Operation operation) {
    switch (operation) {
      case Operation.Plain(Edit edit) -> write(out, edit);
      case Operation.Append append -> {
        out.u8(APPEND).string(append.path().value()).bool(append.executable());
        Body.write(out, append.body());
        out.bytes(append.attributes().encode(append.path()));
      }
    }
  }

  private static void write(Encoder out, Edit edit) {
    String path = edit.path().value();
    switch (edit) {
      case Edit.Put put -> writePut(out, put);
      case Edit.Graft graft -> {
        out.u8(GRAFT).string(path);
        writeDirectory(out, graft.directory());
      }
      case Edit.Delete _ -> out.u8(DELETE).string(path);
      case Edit.Remove _ -> out.u8(REMOVE).string(path);
      case Edit.Describe(FilePath at, FileAttributes attributes) ->
          out.u8(DESCRIBE).string(path).bytes(attributes.encode(at));
      case Edit.Mark(FilePath at, Optional<FileAttributes> attributes) ->
          attributes.ifPresentOrElse(
              known -> out.u8(MARK).string(path).bytes(known.encode(at)),
              () -> out.u8(UNMARK).string(path));
    }
  }

  /// A content type alone has the form that it had before there was more.
  private static void writePut(Encoder out, Edit.Put put) {
    Optional<String> type = put.attributes().contentType();
    boolean plain = put.attributes().equals(FileAttributes.ofType(type));
    out.u8(plain ? PUT : PUT_WITH_ATTRIBUTES).string(put.path().value()).bool(put.executable());
    Body.write(out, put.body());
    if (plain) {
      out.optional(type, Encoder::string);
    } else {
      out.bytes(put.attributes().encode(put.path()));
    }
  }

  static Operation read(Decoder in) {
    return read(in.u8(), in);
  }

  private static Operation read(int kind, Decoder in) {
    FilePath path = new FilePath(in.string());
    return switch (kind) {
      case PUT ->
          new Operation.Plain(
              new Edit.Put(path, in.bool(), Body.read(in), in.optional(Decoder::string)));
      case PUT_WITH_ATTRIBUTES ->
          new Operation.Plain(new Edit.Put(path, in.bool(), Body.read(in), readAttributes(in)));
      case GRAFT -> new Operation.Plain(new Edit.Graft(path, readDirectory(in)));
      case DELETE -> new Operation.Plain(new Edit.Delete(path));
      case APPEND -> new Operation.Append(path, in.bool(), Body.read(in), readAttributes(in));
      case DESCRIBE -> new Operation.Plain(new Edit.Describe(path, readAttributes(in)));
      case MARK -> new Operation.Plain(new Edit.Mark(path, Optional.of(readAttributes(in))));
      case UNMARK -> new Operation.Plain(new Edit.Mark(path, Optional.empty()));
      case REMOVE -> new Operation.Plain(new Edit.Remove(path));
      default -> throw corrupt("An edit", "kind 1 to 10", kind);
    };
  }

  private static FileAttributes readAttributes(Decoder in) {
    return FileAttributes.decode(in.bytes());
  }

  private static void writeDirectory(Encoder out, Entry.Directory directory) {
    out.string(directory.path().value());
    switch (directory.tree()) {
      case TreeRoot.Stored stored -> out.bool(false).digest(stored.digest());
      case TreeRoot.Inlined inlined -> out.bool(true).bytes(inlined.node());
    }
    out.varint(directory.files()).varint(directory.size());
  }

  private static Entry.Directory readDirectory(Decoder in) {
    FilePath path = new FilePath(in.string());
    Optional<Digest> stored = in.bool() ? Optional.empty() : Optional.of(in.digest());
    TreeRoot tree =
        stored
            .<TreeRoot>map(TreeRoot.Stored::new)
            .orElseGet(() -> new TreeRoot.Inlined(in.bytes()));
    return new Entry.Directory(path, tree, in.varint(), in.varint());
  }

  private static RuntimeException corrupt(String object, String expected, int found) {
    return new Fault.Corrupt(object, expected, Integer.toString(found)).asException();
  }
}
