package dev.dassie.fileset;

import dev.dassie.content.Decoder;
import dev.dassie.content.Encoder;
import dev.dassie.content.Outside;
import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/// The keys and values of directory trees (docs/format.md, "Trees").
final class EntryFormat {
  static final int FILE = 1;
  static final int EXECUTABLE = 2;
  static final int DIRECTORY = 3;
  static final int REFERENCE = 4;

  static final int INLINE = 0;
  static final int CHUNK = 1;
  static final int RECIPE = 2;

  private static final String NAME = "A directory entry";

  private EntryFormat() {}

  static byte[] fileKey(String name) {
    return name.getBytes(StandardCharsets.UTF_8);
  }

  static byte[] directoryKey(String name) {
    return (name + "/").getBytes(StandardCharsets.UTF_8);
  }

  static boolean isDirectory(byte[] key) {
    return key.length > 0 && key[key.length - 1] == '/';
  }

  static String name(byte[] key) {
    int length = isDirectory(key) ? key.length - 1 : key.length;
    return new String(key, 0, length, StandardCharsets.UTF_8);
  }

  static byte[] file(boolean executable, Body body) {
    if (body instanceof Body.Reference(Outside file)) {
      Encoder out = new Encoder().u8(REFERENCE);
      file.write(out);
      return out.toBytes();
    }
    Encoder out = new Encoder().u8(executable ? EXECUTABLE : FILE).varint(body.size());
    switch (body) {
      case Body.Inline inline -> out.u8(INLINE).raw(inline.bytes());
      case Body.Single single -> out.u8(CHUNK).digest(single.chunk());
      case Body.Recipe recipe -> out.u8(RECIPE).digest(recipe.root());
      case Body.Reference reference -> throw new IllegalArgumentException(reference.toString());
    }
    return out.toBytes();
  }

  static byte[] directory(TreeRoot root, Sums sums) {
    Encoder out = new Encoder().u8(DIRECTORY).varint(sums.files()).varint(sums.size());
    switch (root) {
      case TreeRoot.Inlined inlined -> out.u8(INLINE).raw(inlined.node());
      case TreeRoot.Stored stored -> out.u8(CHUNK).digest(stored.digest());
    }
    return out.toBytes();
  }

  static Sums measure(byte[] value) {
    Decoder in = new Decoder(NAME, value);
    return in.u8() == DIRECTORY
        ? new Sums(1, in.varint(), in.varint())
        : new Sums(1, 1, in.varint());
  }

  /// The entry of a row of the directory `folder`.
  static Entry entry(FilePath folder, PersistentMap.Row row) {
    FilePath path = folder.child(name(row.key()));
    return isDirectory(row.key()) ? directory(path, row.value()) : file(path, row.value());
  }

  static Entry.File file(FilePath path, byte[] value) {
    Decoder in = new Decoder(NAME, value);
    int kind = in.u8();
    if (kind == REFERENCE) {
      return new Entry.File(path, false, new Body.Reference(Outside.read(in)));
    }
    if (kind != FILE && kind != EXECUTABLE) {
      throw corrupt("a file", kind);
    }
    long size = in.varint();
    int form = in.u8();
    Body body =
        switch (form) {
          case INLINE -> new Body.Inline(in.raw(in.remaining()));
          case CHUNK -> new Body.Single(in.digest(), size);
          case RECIPE -> new Body.Recipe(in.digest(), size);
          default -> throw corrupt("a form of a body", form);
        };
    if (body.size() != size) {
      throw corrupt(size + " bytes", body.size());
    }
    return new Entry.File(path, kind == EXECUTABLE, body);
  }

  static Entry.Directory directory(FilePath path, byte[] value) {
    Decoder in = new Decoder(NAME, value);
    int kind = in.u8();
    if (kind != DIRECTORY) {
      throw corrupt("a directory", kind);
    }
    long files = in.varint();
    long size = in.varint();
    int form = in.u8();
    TreeRoot root =
        switch (form) {
          case INLINE -> new TreeRoot.Inlined(in.raw(in.remaining()));
          case CHUNK -> new TreeRoot.Stored(in.digest());
          default -> throw corrupt("a form of a directory", form);
        };
    return new Entry.Directory(path, root, files, size);
  }

  /// The path of a step or frame: its key without the slash at the end.
  static FilePath path(byte[] key) {
    int length = isDirectory(key) ? key.length - 1 : key.length;
    return new FilePath(new String(Arrays.copyOf(key, length), StandardCharsets.UTF_8));
  }

  private static RuntimeException corrupt(String expected, long actual) {
    return new Fault.Corrupt(NAME, expected, Long.toString(actual)).asException();
  }
}
