package dev.dassie.store.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/// Starts an S3 server and a PostgreSQL for the tests of other modules and says in one line where
/// they are (port of S3, port of PostgreSQL). Then it does what each line of its input says,
/// answers each with one line, and ends when its input does:
/// - `bucket` makes one and answers its name, `database` likewise;
/// - `remove-bucket NAME`;
/// - `key ID SECRET`: the S3 server accepts this key alone;
/// - `sql DATABASE STATEMENT`.
public final class Main {
  private Main() {}

  public static void main(String[] arguments) {
    int exit = 1;
    try {
      serve();
      exit = 0;
    } catch (IOException | RuntimeException e) {
      System.err.println("the servers of the tests end: " + e);
    } finally {
      // Threads of the servers would hold it.
      System.exit(exit);
    }
  }

  private static void serve() throws IOException {
    S3Server s3 = S3Server.start();
    PostgresServer postgres = PostgresServer.start();
    System.out.printf("ready %d %d%n", s3.port(), postgres.port());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("done " + answer(line, s3, postgres));
    }
  }

  private static String answer(String line, S3Server s3, PostgresServer postgres) {
    String[] words = line.split(" ", 3);
    return switch (words[0]) {
      case "bucket" -> s3.newBucket();
      case "database" -> postgres.newDatabase();
      case "remove-bucket" -> {
        s3.deleteBucket(words[1]);
        yield "";
      }
      case "key" -> {
        s3.accept(words[1], words[2]);
        yield "";
      }
      case "sql" -> {
        postgres.execute(words[1], words[2]);
        yield "";
      }
      default -> throw new IllegalArgumentException(line);
    };
  }
}
