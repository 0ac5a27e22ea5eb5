package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.PersistentMap;
import java.io.InputStream;
import java.io.SequenceInputStream;
import java.util.Enumeration;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Optional;

/// `output.merge: concat`: files that several datums wrote become one, in datum order.
final class Joining {
  /// Finds what a datum of the job wrote at a path.
  interface Sources {
    Entry.File file(byte[] order, FilePath path);
  }

  private final Filesets filesets;
  private final Owners owners;
  private final PersistentMap.Root root;
  private final Sources sources;
  private final ChunkStore.Session session;

  Joining(
      Filesets filesets,
      Owners owners,
      PersistentMap.Root root,
      Sources sources,
      ChunkStore.Session session) {
    this.filesets = filesets;
    this.owners = owners;
    this.root = root;
    this.sources = sources;
    this.session = session;
  }

  /// The edit that puts a path as its owners left it; none where it has no owner any more.
  Optional<Edit> edit(FilePath path) {
    Iterator<byte[]> orders = owners.all(root, path);
    if (!orders.hasNext()) {
      return Optional.empty();
    }
    Entry.File first = sources.file(orders.next(), path);
    Body body = first.body();
    if (orders.hasNext()) {
      body = filesets.write(new SequenceInputStream(streams(first, orders, path)), session);
    }
    return Optional.of(new Edit.Put(path, first.executable(), body, Optional.empty()));
  }

  // SequenceInputStream takes nothing newer.
  @SuppressWarnings("JdkObsolete")
  private Enumeration<InputStream> streams(
      Entry.File first, Iterator<byte[]> orders, FilePath path) {
    return new Enumeration<>() {
      private boolean begun;

      @Override
      public boolean hasMoreElements() {
        return !begun || orders.hasNext();
      }

      @Override
      public InputStream nextElement() {
        if (!begun) {
          begun = true;
          return filesets.open(first.body());
        }
        if (!orders.hasNext()) {
          throw new NoSuchElementException();
        }
        return filesets.open(sources.file(orders.next(), path).body());
      }
    };
  }
}
