package dev.dassie.pipeline.transaction;

import dev.dassie.content.Encoder;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import dev.dassie.version.CommitId;
import java.util.List;
import java.util.Optional;

/// The rows of transactions that are not finished (docs/format.md, "Transactions").
final class TransactionTable {
  private static final String TRANSACTION = "transaction";
  private static final String STEP = "transaction_step";
  private static final int VERSION = 1;
  private static final int HEX = 16;

  private TransactionTable() {}

  static Optional<Transaction> find(Metadata.Reader rows, CommitId id) {
    return rows.get(key(id)).map(bytes -> decode(id, bytes));
  }

  /// At most `limit` of them, by id.
  static List<Transaction> list(Metadata.Reader rows, int limit) {
    return rows.scan(TRANSACTION, "", "", limit).stream()
        .map(row -> decode(new CommitId(row.name()), row.value()))
        .toList();
  }

  /// All steps of one, in order.
  static List<Added> steps(Metadata.Reader rows, CommitId id) {
    return rows.scan(STEP, id + "/", "", Transactions.MAX_STEPS).stream()
        .map(TransactionTable::step)
        .toList();
  }

  private static Added step(Row row) {
    String number = row.name().substring(row.name().indexOf('/') + 1);
    return StepCodec.decode(Integer.parseInt(number, HEX), row.value());
  }

  static void put(Metadata.Writer rows, Transaction transaction) {
    Encoder out = new Encoder().u8(VERSION);
    transaction.write(out);
    rows.put(key(transaction.id()), out.toBytes());
  }

  static void put(Metadata.Writer rows, CommitId id, int number, byte[] step) {
    rows.put(step(id, number), step);
  }

  static void remove(Metadata.Writer rows, CommitId id) {
    for (Row row : rows.scan(STEP, id + "/", "", Transactions.MAX_STEPS)) {
      rows.delete(new Metadata.Key(STEP, row.name()));
    }
    rows.delete(key(id));
  }

  private static Transaction decode(CommitId id, byte[] bytes) {
    return Transaction.read(id, StepCodec.open("A transaction", bytes));
  }

  private static Metadata.Key key(CommitId id) {
    return new Metadata.Key(TRANSACTION, id.value());
  }

  private static Metadata.Key step(CommitId id, int number) {
    return new Metadata.Key(STEP, id + "/%016x".formatted(number));
  }
}
