package dev.dassie.acceptance;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;

/// An S3 server and a PostgreSQL in a process of their own, with the class path of the tests of
/// `store`, so that their libraries meet none of ours. Closing ends them.
final class Backends implements AutoCloseable {
  static final String SECRET = "dassie-test-secret";

  private final Process process;
  private final BufferedReader out;
  private final int s3Port;
  private final int postgresPort;
  private final int faultyPort;

  private Backends(Process process, BufferedReader out) throws IOException {
    this.process = process;
    this.out = out;
    String[] ports = await("ready ").split(" ");
    s3Port = Integer.parseInt(ports[0]);
    postgresPort = Integer.parseInt(ports[1]);
    faultyPort = Integer.parseInt(ports[2]);
  }

  static Backends start() throws IOException {
    Path target = ProjectTree.ROOT.resolve("store/target");
    String classPath =
        String.join(
            File.pathSeparator,
            target.resolve("test-classes").toString(),
            target.resolve("classes").toString(),
            Files.readString(target.resolve("test-class-path")).strip());
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                classPath,
                "dev.dassie.store.backend.Main")
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    return new Backends(process, process.inputReader(StandardCharsets.UTF_8));
  }

  private String await(String beginning) throws IOException {
    for (String line = out.readLine(); line != null; line = out.readLine()) {
      if (line.startsWith(beginning)) {
        return line.substring(beginning.length());
      }
    }
    throw new IOException("the servers ended");
  }

  private String tell(String line) throws IOException {
    process.outputWriter(StandardCharsets.UTF_8).write(line + "\n");
    process.outputWriter(StandardCharsets.UTF_8).flush();
    return await("done ");
  }

  /// A store in an empty bucket of its own.
  String newStore() throws IOException {
    return store(tell("bucket"));
  }

  String store(String bucket) {
    return "s3://" + bucket + "/dassie?endpoint=http://127.0.0.1:" + s3Port;
  }

  /// The same store by a way on which requests can come to grief.
  String byFaultyWay(String store) {
    return store.replace(":" + s3Port, ":" + faultyPort);
  }

  /// The next so many requests on the faulty way come to grief, in a way that the number chooses.
  void faults(int requests, int kind) throws IOException {
    tell("faults " + requests + " " + kind);
  }

  /// From now on the faulty way is a good one.
  void heal() throws IOException {
    tell("heal");
  }

  /// Ends PostgreSQL as a crash does, and starts it again.
  void crashPostgres() throws IOException {
    tell("crash");
  }

  /// Ends all connections to a database.
  void disconnect(String database) throws IOException {
    String name = database.substring(database.lastIndexOf('/') + 1);
    sql(
        "/postgres",
        "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = '" + name + "'");
  }

  void removeBucket(String store) throws IOException {
    tell("remove-bucket " + store.split("/")[2]);
  }

  /// An empty database. Its password is not asked for, and must not be told.
  String newDatabase() throws IOException {
    return "postgresql://dassie:open-sesame@127.0.0.1:" + postgresPort + "/" + tell("database");
  }

  void sql(String database, String statement) throws IOException {
    tell("sql " + database.substring(database.lastIndexOf('/') + 1) + " " + statement);
  }

  /// The S3 server accepts this key, and no other.
  void accept(String key) throws IOException {
    tell("key " + key + " " + SECRET);
  }

  @Override
  public void close() throws IOException {
    process.getOutputStream().close();
    try {
      if (!process.waitFor(30, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
