import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.time.Instant;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/// Work for the server whose start-up cache is being made, so that the cache knows what a busy
/// server runs and how (JEP 515): `java Training.java PORT` puts, gets and lists objects over S3.
/// `java Training.java port` prints a port that is free.
final class Training {
  private static final String KEY = "training";
  private static final String UNSIGNED = "UNSIGNED-PAYLOAD";
  private static final DateTimeFormatter STAMP =
      DateTimeFormatter.ofPattern("yyyyMMdd'T'HHmmss'Z'").withZone(ZoneOffset.UTC);

  private static final int CLIENTS = 16;
  private static final int OBJECTS = 150;
  private static final int SMALL = 1 << 10;
  private static final int LARGE = 8 << 20;

  private Training() {}

  public static void main(String[] arguments) throws Exception {
    if (arguments[0].equals("port")) {
      try (ServerSocket socket = new ServerSocket(0)) {
        System.out.println(socket.getLocalPort());
      }
      return;
    }
    int port = Integer.parseInt(arguments[0]);
    try (Client client = new Client(port)) {
      client.call("PUT", "/master.training", new byte[0]);
    }
    List<Callable<Boolean>> work = new ArrayList<>();
    for (int client = 0; client < CLIENTS; client++) {
      int number = client;
      work.add(() -> objects(port, number));
    }
    try (ExecutorService pool = Executors.newFixedThreadPool(CLIENTS)) {
      for (Future<Boolean> done : pool.invokeAll(work)) {
        boolean _ = done.get();
      }
    }
    try (Client client = new Client(port)) {
      byte[] large = new byte[LARGE];
      new Random(1).nextBytes(large);
      client.call("PUT", "/master.training/large", large);
      client.call("GET", "/master.training/large", new byte[0]);
      client.call("GET", "/master.training?list-type=2&max-keys=1000", new byte[0]);
    }
  }

  private static boolean objects(int port, int number) throws Exception {
    byte[] small = new byte[SMALL];
    new Random(number).nextBytes(small);
    try (Client client = new Client(port)) {
      for (String method : List.of("PUT", "GET", "GET")) {
        for (int i = 0; i < OBJECTS; i++) {
          small[i] ^= 1;
          client.call(
              method,
              "/master.training/%d/%d".formatted(number, i),
              method.equals("PUT") ? small : new byte[0]);
        }
      }
    }
    return true;
  }

  private static final class Client implements AutoCloseable {
    private final Socket socket;
    private final InputStream in;

    Client(int port) throws IOException {
      socket = new Socket(InetAddress.getLoopbackAddress(), port);
      socket.setSoTimeout(60_000);
      in = new BufferedInputStream(socket.getInputStream());
    }

    void call(String method, String target, byte[] body) throws Exception {
      byte[] head = head(method, target, body.length);
      socket.getOutputStream().write(head);
      socket.getOutputStream().write(body);
      String status = line();
      long length = 0;
      for (String header = line(); !header.isEmpty(); header = line()) {
        if (header.regionMatches(true, 0, "content-length:", 0, 15)) {
          length = Long.parseLong(header.substring(15).strip());
        }
      }
      in.skipNBytes(length);
      if (!status.contains(" 200")) {
        throw new IOException(status + " to " + method + " " + target);
      }
    }

    private byte[] head(String method, String target, int length) throws Exception {
      String host = "127.0.0.1:" + socket.getPort();
      String stamp = STAMP.format(Instant.now());
      String[] parts = target.split("\\?", 2);
      String names = "host;x-amz-content-sha256;x-amz-date";
      String canonical =
          "%s\n%s\n%s\nhost:%s\nx-amz-content-sha256:%s\nx-amz-date:%s\n\n%s\n%s"
              .formatted(
                  method,
                  parts[0],
                  parts.length > 1 ? parts[1] : "",
                  host,
                  UNSIGNED,
                  stamp,
                  names,
                  UNSIGNED);
      String scope = stamp.substring(0, 8) + "/us-east-1/s3/aws4_request";
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(canonical.getBytes(StandardCharsets.UTF_8));
      String text =
          "AWS4-HMAC-SHA256\n%s\n%s\n%s".formatted(stamp, scope, HexFormat.of().formatHex(digest));
      byte[] key = ("AWS4" + KEY).getBytes(StandardCharsets.UTF_8);
      for (String step : scope.split("/")) {
        key = hmac(key, step);
      }
      return """
          %s %s HTTP/1.1
          Host: %s
          x-amz-date: %s
          x-amz-content-sha256: %s
          Content-Length: %d
          Authorization: AWS4-HMAC-SHA256 Credential=%s/%s, SignedHeaders=%s, Signature=%s

          """
          .formatted(
              method,
              target,
              host,
              stamp,
              UNSIGNED,
              length,
              KEY,
              scope,
              names,
              HexFormat.of().formatHex(hmac(key, text)))
          .replace("\n", "\r\n")
          .getBytes(StandardCharsets.ISO_8859_1);
    }

    private static byte[] hmac(byte[] key, String text) throws Exception {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return mac.doFinal(text.getBytes(StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
      StringBuilder line = new StringBuilder();
      for (int c = in.read(); c != '\n'; c = in.read()) {
        if (c < 0) {
          throw new IOException("the server ended the connection");
        }
        if (c != '\r') {
          line.append((char) c);
        }
      }
      return line.toString();
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }
}
