package dev.dassie.store.backend;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.sql.SQLException;
import java.util.List;

/// Starts an S3 server and a PostgreSQL for the tests of other modules and says in one line where
/// they are (port of S3, of PostgreSQL, of a faulty way to S3). Then it does what each line of its
/// input says, answers each with one line, and ends when its input does:
/// - `bucket` makes one and answers its name, `database` likewise;
/// - `remove-bucket NAME`;
/// - `key ID SECRET`: the S3 server accepts this key alone;
/// - `sql DATABASE STATEMENT`;
/// - `crash` ends PostgreSQL as a crash does and starts it again;
/// - `faults N KIND`: what happens to the next N requests on the faulty way, and `heal` to none.
public final class Main {
  private static final List<FaultyS3.Fault> FAULTS =
      List.of(
          new FaultyS3.Fault.Answer(503, "SlowDown"),
          new FaultyS3.Fault.Answer(500, "InternalError"),
          new FaultyS3.Fault.Reset(),
          new FaultyS3.Fault.LostAnswer(),
          new FaultyS3.Fault.HalfAnswer());

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
    FaultyS3 faulty = new FaultyS3(s3.port());
    System.out.printf("ready %d %d %d%n", s3.port(), postgres.port(), faulty.port());
    BufferedReader in =
        new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
    for (String line = in.readLine(); line != null; line = in.readLine()) {
      System.out.println("done " + answer(line, s3, postgres, faulty));
    }
  }

  private static String answer(String line, S3Server s3, PostgresServer postgres, FaultyS3 faulty)
      throws IOException {
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
      case "crash" -> {
        crash(postgres);
        yield "";
      }
      case "faults" -> {
        FaultyS3.Fault fault = FAULTS.get(Integer.parseInt(words[2]) % FAULTS.size());
        faulty.next(Integer.parseInt(words[1]), "", fault);
        yield fault.toString();
      }
      case "heal" -> {
        faulty.heal();
        yield "";
      }
      default -> throw new IllegalArgumentException(line);
    };
  }

  private static void crash(PostgresServer postgres) throws IOException {
    try {
      postgres.crashAndRestart();
    } catch (SQLException e) {
      throw new IOException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
