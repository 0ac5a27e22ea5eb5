package dev.dassie.store.backend;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.tukaani.xz.XZInputStream;

/// A real PostgreSQL of this test run: the binaries come from a jar of Maven Central, the cluster
/// lies in a temporary folder and syncs as always. PostgreSQL refuses to run as root; root starts
/// it as `nobody`. Thread-safe.
public final class PostgresServer implements AutoCloseable {
  private static final String NOBODY = "65534";
  private static final AtomicInteger DATABASES = new AtomicInteger();

  private final Path folder;
  private final int port;
  private volatile Process process;

  private PostgresServer(Path folder, int port, Process process) {
    this.folder = folder;
    this.port = port;
    this.process = process;
  }

  /// One for all tests of this JVM; it ends with it.
  public static PostgresServer shared() {
    return Shared.SERVER;
  }

  private static final class Shared {
    static final PostgresServer SERVER = start();
  }

  /// Starts one, which the caller closes, or else the end of the JVM.
  public static PostgresServer start() {
    try {
      // Beneath /tmp, where `nobody` may go, and short enough for the path of a socket.
      Path folder = Files.createTempDirectory(Path.of("/tmp"), "dassie-pg");
      Files.setPosixFilePermissions(folder, PosixFilePermissions.fromString("rwxr-xr-x"));
      unpack(folder.resolve("program"));
      Path data = Files.createDirectory(folder.resolve("data"));
      if (isRoot()) {
        run(List.of("chown", NOBODY + ":" + NOBODY, data.toString()));
      }
      run(
          unprivileged(
              folder.resolve("program/bin/initdb").toString(),
              "-D",
              data.toString(),
              "-U",
              "dassie",
              "--auth=trust",
              "--encoding=UTF8",
              "--locale=C.UTF-8",
              "--no-sync"));
      int port = freePort();
      PostgresServer server = new PostgresServer(folder, port, startProcess(folder, data, port));
      Runtime.getRuntime().addShutdownHook(new Thread(server::close));
      server.awaitReady();
      return server;
    } catch (IOException | InterruptedException | SQLException e) {
      throw new IllegalStateException("PostgreSQL did not start", e);
    }
  }

  private static Process startProcess(Path folder, Path data, int port) throws IOException {
    return new ProcessBuilder(
            unprivileged(
                folder.resolve("program/bin/postgres").toString(),
                "-D",
                data.toString(),
                "-p",
                Integer.toString(port),
                "-c",
                "listen_addresses=127.0.0.1",
                "-c",
                "unix_socket_directories=" + data))
        .directory(data.toFile())
        .redirectErrorStream(true)
        .redirectOutput(folder.resolve("log").toFile())
        .start();
  }

  private static void unpack(Path program) throws IOException, InterruptedException {
    Files.createDirectory(program);
    String machine = System.getProperty("os.arch").equals("aarch64") ? "arm_64" : "x86_64";
    String archive = "/postgres-linux-" + machine + ".txz";
    Process tar =
        new ProcessBuilder("tar", "-x", "-C", program.toString())
            .inheritIO()
            .redirectInput(ProcessBuilder.Redirect.PIPE)
            .start();
    try (InputStream packed = PostgresServer.class.getResourceAsStream(archive);
        InputStream files = new XZInputStream(packed);
        OutputStream input = tar.getOutputStream()) {
      files.transferTo(input);
    }
    if (tar.waitFor() != 0) {
      throw new IOException("tar failed");
    }
  }

  private static boolean isRoot() throws IOException {
    return (int) Files.getAttribute(Path.of("/proc/self"), "unix:uid") == 0;
  }

  private static List<String> unprivileged(String... command) throws IOException {
    List<String> all = new ArrayList<>();
    if (isRoot()) {
      all.addAll(List.of("setpriv", "--reuid", NOBODY, "--regid", NOBODY, "--clear-groups", "--"));
    }
    all.addAll(List.of(command));
    return all;
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    if (process.waitFor() != 0) {
      throw new IOException(command + ": " + output);
    }
  }

  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /// A connection refused is tried again; it waits as long as the server lives, a minute at most.
  private void awaitReady() throws IOException, SQLException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    while (true) {
      try (Connection _ = connect("postgres")) {
        return;
      } catch (SQLException e) {
        if (!process.isAlive() || System.nanoTime() > end) {
          throw new IOException(Files.readString(folder.resolve("log")), e);
        }
      }
    }
  }

  /// Ends it as a crash does, and starts it again on the same data.
  public void crashAndRestart() throws IOException, InterruptedException, SQLException {
    run(List.of("kill", "-QUIT", Long.toString(process.pid())));
    boolean _ = process.waitFor(30, TimeUnit.SECONDS);
    process = startProcess(folder, folder.resolve("data"), port);
    awaitReady();
  }

  public int port() {
    return port;
  }

  /// A connection of the superuser.
  public Connection connect(String database) throws SQLException {
    return DriverManager.getConnection(
        "jdbc:postgresql://127.0.0.1:" + port + "/" + database, "dassie", "");
  }

  /// Makes an empty database and returns its name.
  public String newDatabase() {
    String name = "test" + DATABASES.incrementAndGet();
    execute("postgres", "CREATE DATABASE " + name);
    return name;
  }

  public void execute(String database, String sql) {
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      statement.execute(sql);
    } catch (SQLException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Waits until the question is answered with true, for a minute at most.
  public void await(String database, String question) throws SQLException {
    long end = System.nanoTime() + TimeUnit.MINUTES.toNanos(1);
    try (Connection connection = connect(database);
        Statement statement = connection.createStatement()) {
      while (true) {
        try (ResultSet row = statement.executeQuery(question)) {
          row.next();
          if (row.getBoolean(1)) {
            return;
          }
        }
        if (System.nanoTime() > end) {
          throw new IllegalStateException("never: " + question);
        }
      }
    }
  }

  @Override
  public void close() {
    try {
      // The shortest end: nobody needs what it holds.
      if (process.isAlive()) {
        run(List.of("kill", "-QUIT", Long.toString(process.pid())));
      }
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
      run(List.of("rm", "-rf", folder.toString()));
    } catch (IOException e) {
      throw new IllegalStateException(e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
