package dev.dassie.store.backend;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// An HTTP proxy in front of a real S3 server on this machine, which can do to single requests what
/// networks and busy stores do. Thread-safe.
public final class FaultyS3 implements AutoCloseable {
  /// What becomes of a request.
  public sealed interface Fault {
    /// The server never sees it; this is the answer.
    record Answer(int status, String code) implements Fault {}

    /// The connection ends before the server sees it.
    record Reset() implements Fault {}

    /// The server does it; its answer is lost.
    record LostAnswer() implements Fault {}

    /// The answer breaks off in the middle.
    record HalfAnswer() implements Fault {}

    /// The server never sees it and nobody answers.
    record Silence() implements Fault {}

    /// Half of the answer comes, then nothing.
    record HalfSilence() implements Fault {}

    /// The answer's text is another (its length is put right).
    record Changed(Function<String, String> change) implements Fault {}
  }

  private record Rule(Pattern request, Fault fault, AtomicInteger left) {}

  private static final Pattern LENGTH = Pattern.compile("(?i)\r\ncontent-length: *(\\d+)");

  private final ServerSocket door;
  private final int target;
  private final List<Rule> rules = new CopyOnWriteArrayList<>();
  private final List<String> requests = new CopyOnWriteArrayList<>();
  private final Set<Socket> clients = ConcurrentHashMap.newKeySet();
  private final CountDownLatch closing = new CountDownLatch(1);

  public FaultyS3(int target) throws IOException {
    this.target = target;
    door = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    Thread.ofVirtual().start(this::accept);
  }

  public int port() {
    return door.getLocalPort();
  }

  /// The next `times` requests whose first line (`PUT /bucket/key?query HTTP/1.1`) has a match meet
  /// the fault.
  public void next(int times, String request, Fault fault) {
    rules.add(new Rule(Pattern.compile(request), fault, new AtomicInteger(times)));
  }

  /// From now on all is well.
  public void heal() {
    rules.clear();
  }

  /// How many requests had a match so far.
  public long count(String request) {
    Pattern pattern = Pattern.compile(request);
    return requests.stream().filter(line -> pattern.matcher(line).find()).count();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = door.accept();
        clients.add(client);
        Thread.ofVirtual().start(() -> serve(client));
      }
    } catch (IOException e) {
      closing.countDown();
    }
  }

  /// One request for each connection: it is the tries that are tested, not the pool.
  private void serve(Socket client) {
    try (client) {
      InputStream in = new BufferedInputStream(client.getInputStream());
      String head = readHead(in);
      if (head.isEmpty()) {
        return;
      }
      String line = head.lines().findFirst().orElse("");
      requests.add(line);
      Optional<Fault> fault = fault(line);
      if (fault.isPresent() && fault.get() instanceof Fault.Reset) {
        client.setSoLinger(true, 0);
        return;
      }
      if (fault.isPresent() && fault.get() instanceof Fault.Silence) {
        closing.await();
        return;
      }
      if (head.toLowerCase(java.util.Locale.ROOT).contains("expect: 100-continue")) {
        client.getOutputStream().write(ascii("HTTP/1.1 100 Continue\r\n\r\n"));
      }
      byte[] body = in.readNBytes(length(head));
      answer(client, line, fault, head, body);
    } catch (IOException e) {
      // A client that gave up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } finally {
      clients.remove(client);
    }
  }

  private Optional<Fault> fault(String line) {
    for (Rule rule : rules) {
      if (rule.request().matcher(line).find() && rule.left().getAndDecrement() > 0) {
        return Optional.of(rule.fault());
      }
    }
    return Optional.empty();
  }

  private void answer(Socket client, String line, Optional<Fault> fault, String head, byte[] body)
      throws IOException, InterruptedException {
    OutputStream out = client.getOutputStream();
    if (fault.isPresent() && fault.get() instanceof Fault.Answer(int status, String code)) {
      String xml = "<Error><Code>" + code + "</Code><Message>on purpose</Message></Error>";
      boolean silent = line.startsWith("HEAD ");
      out.write(
          ascii(
              "HTTP/1.1 %d Fault\r\nContent-Type: application/xml\r\nContent-Length: %d\r\nConnection: close\r\n\r\n%s"
                  .formatted(status, silent ? 0 : xml.length(), silent ? "" : xml)));
      return;
    }
    byte[] reply = ask(head, body);
    switch (fault.orElse(new Fault.Changed(text -> text))) {
      case Fault.LostAnswer _ -> client.setSoLinger(true, 0);
      case Fault.HalfAnswer _ -> out.write(reply, 0, half(reply));
      case Fault.HalfSilence _ -> {
        out.write(reply, 0, half(reply));
        out.flush();
        closing.await();
      }
      case Fault.Changed(Function<String, String> change) -> out.write(changed(reply, change));
      case Fault.Answer _, Fault.Reset _, Fault.Silence _ -> throw new IllegalStateException();
    }
  }

  private byte[] ask(String head, byte[] body) throws IOException {
    try (Socket server = new Socket(InetAddress.getLoopbackAddress(), target)) {
      OutputStream out = server.getOutputStream();
      String closing =
          head.replaceAll("(?i)\r\n(connection|expect):[^\r]*", "")
              .replaceFirst("\r\n\r\n$", "\r\nConnection: close\r\n\r\n");
      out.write(closing.getBytes(StandardCharsets.ISO_8859_1));
      out.write(body);
      out.flush();
      return server.getInputStream().readAllBytes();
    }
  }

  private static byte[] changed(byte[] reply, Function<String, String> change) {
    String old = new String(reply, StandardCharsets.ISO_8859_1);
    String now = change.apply(old);
    if (!now.equals(old)) {
      int body = now.length() - now.indexOf("\r\n\r\n") - 4;
      now = LENGTH.matcher(now).replaceFirst("\r\nContent-Length: " + body);
      now = now.replaceFirst("(?i)\r\ntransfer-encoding: *chunked", "");
    }
    return now.getBytes(StandardCharsets.ISO_8859_1);
  }

  /// Half of the body, after the whole head.
  private static int half(byte[] reply) {
    int head = new String(reply, StandardCharsets.ISO_8859_1).indexOf("\r\n\r\n") + 4;
    return head + (reply.length - head) / 2;
  }

  private static String readHead(InputStream in) throws IOException {
    ByteArrayOutputStream head = new ByteArrayOutputStream();
    for (int b = in.read(); b >= 0; b = in.read()) {
      head.write(b);
      byte[] now = head.toByteArray();
      int n = now.length;
      if (b == '\n' && n > 3 && now[n - 2] == '\r' && now[n - 3] == '\n') {
        return head.toString(StandardCharsets.ISO_8859_1);
      }
    }
    return "";
  }

  private static int length(String head) {
    Matcher length = LENGTH.matcher(head);
    return length.find() ? Integer.parseInt(length.group(1)) : 0;
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }

  @Override
  public void close() throws IOException {
    closing.countDown();
    door.close();
    for (Socket client : clients) {
      client.close();
    }
  }
}
