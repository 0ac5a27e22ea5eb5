package dev.dassie.job;

import dev.dassie.content.ChunkStore;
import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.metadata.Metadata;
import java.util.function.Consumer;
import java.util.function.Function;

/// The result cache as it stands in archives (docs/format.md, "Archives"): the map of results, and
/// those that are not folded into it. Thread-safe.
public final class PortableResults {
  private final Results results;

  public PortableResults(Results results) {
    this.results = results;
  }

  /// The root of the map.
  public static byte[] root(Metadata.Reader rows) {
    Encoder out = new Encoder();
    Results.root(rows).write(out);
    return out.toBytes();
  }

  /// Gives the results that are not folded, each with its key.
  public static void each(Metadata.Reader rows, Consumer<byte[]> sink) {
    Results.unfolded(
        rows,
        row ->
            sink.accept(
                new Encoder().digest(Digest.parse(row.name())).bytes(row.value()).toBytes()));
  }

  /// Names what a result that is not folded keeps.
  public static void reach(byte[] item, ResultHoldings.Visitor visitor) {
    Decoder in = new Decoder("A result of an archive", item);
    Digest _ = in.digest();
    ResultHoldings.result(in.bytes(), visitor);
  }

  /// Names what the map keeps.
  public static void reachRoot(byte[] item, ResultHoldings.Visitor visitor) {
    visitor.map(decode(item), value -> ResultHoldings.result(value, visitor));
  }

  /// Takes a result within a transaction; one that is here for the key stays.
  public void take(Metadata.Writer rows, byte[] item) {
    Decoder in = new Decoder("A result of an archive", item);
    results.takeIfMissing(rows, in.digest(), in.bytes());
  }

  /// Takes the map in with a transaction, which gets what puts its root. Results that are here for
  /// a key stay. The nodes are those of the session, which is published.
  public <T> T with(
      byte[] item, ChunkStore.Session session, Function<Consumer<Metadata.Writer>, T> transaction) {
    return results.merging(decode(item), session, transaction);
  }

  private static PersistentMap.Root decode(byte[] item) {
    Decoder in = new Decoder("The result map of an archive", item);
    PersistentMap.Root root = PersistentMap.Root.read(in);
    if (in.remaining() > 0 || root.count() < 0 || root.node().isPresent() != root.count() > 0) {
      throw new Fault.Corrupt("The result map of an archive", "a root", "another").asException();
    }
    return root;
  }
}
