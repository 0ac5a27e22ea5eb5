package dev.dassie.bench;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.UUID;
import java.util.concurrent.Executors;

/// A bare HTTP file server, the peer of P13: a PUT is a temporary file and a rename, without a
/// sync; a GET is the file. In a process of its own: `BareFiles FOLDER PORT_FILE`.
final class BareFiles {
  private static final int BLOCK = 1 << 18;

  private final Path folder;

  private BareFiles(Path folder) {
    this.folder = folder;
  }

  public static void main(String[] arguments) throws IOException {
    System.setProperty("sun.net.httpserver.nodelay", "true");
    BareFiles files = new BareFiles(Files.createDirectories(Path.of(arguments[0])));
    HttpServer server =
        HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 1_000);
    server.setExecutor(Executors.newVirtualThreadPerTaskExecutor());
    server.createContext("/", files::handle);
    server.start();
    Files.writeString(Path.of(arguments[1]), Integer.toString(server.getAddress().getPort()));
  }

  private void handle(HttpExchange exchange) throws IOException {
    try (exchange) {
      Path file = folder.resolve(exchange.getRequestURI().getPath().substring(1)).normalize();
      switch (exchange.getRequestMethod()) {
        case "PUT" -> put(exchange, file);
        case "GET" -> get(exchange, file);
        default -> exchange.sendResponseHeaders(405, -1);
      }
    }
  }

  private void put(HttpExchange exchange, Path file) throws IOException {
    Path temporary = folder.resolve("." + UUID.randomUUID());
    try (InputStream body = exchange.getRequestBody();
        OutputStream out = Files.newOutputStream(temporary)) {
      byte[] block = new byte[BLOCK];
      for (int n = body.read(block); n >= 0; n = body.read(block)) {
        out.write(block, 0, n);
      }
    }
    try {
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    } catch (NoSuchFileException e) {
      Files.createDirectories(file.getParent());
      Files.move(temporary, file, StandardCopyOption.ATOMIC_MOVE);
    }
    exchange.sendResponseHeaders(200, -1);
  }

  private static void get(HttpExchange exchange, Path file) throws IOException {
    try (InputStream in = Files.newInputStream(file)) {
      exchange.sendResponseHeaders(200, Files.size(file));
      byte[] block = new byte[BLOCK];
      try (OutputStream out = exchange.getResponseBody()) {
        for (int n = in.read(block); n >= 0; n = in.read(block)) {
          out.write(block, 0, n);
        }
      }
    } catch (NoSuchFileException e) {
      exchange.sendResponseHeaders(404, -1);
    }
  }
}
