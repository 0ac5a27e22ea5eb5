package dev.dassie.pipeline;

import java.util.List;
import java.util.Optional;

/// Where the output of each job goes beside its repo, after the job's datums (`egress`, as in
/// Pachyderm).
public sealed interface Egress {
  /// The place, as the spec says it.
  String url();

  /// The secret with the credentials for it, in the project of the pipeline.
  Optional<String> secret();

  /// The value of that secret that is used, where one alone is.
  Optional<String> key();

  /// The place for people: without what stands behind it.
  default String shown() {
    return url().replaceFirst("[?].*", "").replaceFirst("://[^/@]*@", "://");
  }

  /// A folder of the server or a place in an S3 store: the files of the output are put there under
  /// their paths. What else is there stays.
  ///
  /// @param url `file:///…` or `s3://BUCKET/PREFIX[?…]`
  /// @param secret has the keys `AWS_ACCESS_KEY_ID` and `AWS_SECRET_ACCESS_KEY`
  record Objects(String url, Optional<String> secret) implements Egress {
    @Override
    public Optional<String> key() {
      return Optional.empty();
    }
  }

  /// Tables of an SQL database: the first part of a path is the table whose rows the file has. All
  /// rows of these tables are replaced, in one transaction.
  ///
  /// @param columns names of the fields of a row: of an object in JSON, of the header in CSV; CSV
  ///   without them has no header, and its fields are the columns of the table in their order
  /// @param key of the secret, whose value is the password
  record Database(
      String url,
      Format format,
      List<String> columns,
      Optional<String> secret,
      Optional<String> key)
      implements Egress {
    public Database {
      columns = List.copyOf(columns);
    }
  }

  /// How files say rows.
  enum Format {
    /// Comma-separated values, as in RFC 4180.
    CSV,
    /// An object in each line.
    JSON
  }
}
