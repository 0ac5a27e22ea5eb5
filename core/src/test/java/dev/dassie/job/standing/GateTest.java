package dev.dassie.job.standing;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
final class GateTest {
  private static final Duration LONG = Duration.ofMinutes(5);
  private static final Duration SHORT = Duration.ofMillis(1);

  private Gate gate = gate(LONG, LONG);

  private static Gate gate(Duration draining, Duration quiet) {
    Gate gate = new Gate("127.0.0.1", 0, new Gate.Patience(LONG, draining, quiet));
    gate.start();
    return gate;
  }

  @AfterEach
  void close() {
    gate.close();
  }

  /// A program that answers each byte with another, and is told when to.
  private static final class Program implements AutoCloseable {
    final ServerSocket socket = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    final char answer;

    Program(char answer) throws IOException {
      this.answer = answer;
    }

    InetSocketAddress address() {
      return new InetSocketAddress(InetAddress.getLoopbackAddress(), socket.getLocalPort());
    }

    Socket take() throws IOException {
      return socket.accept();
    }

    void reply(Socket to) throws IOException {
      assertThat(to.getInputStream().read()).isEqualTo('?');
      to.getOutputStream().write(answer);
    }

    @Override
    public void close() throws IOException {
      socket.close();
    }
  }

  private Socket connect() throws IOException {
    Socket client = new Socket(InetAddress.getLoopbackAddress(), gate.port().orElseThrow());
    client.getOutputStream().write('?');
    return client;
  }

  @Test
  void aConnectionWaitsUntilThereIsAProcess() throws IOException {
    try (Program program = new Program('a');
        Socket client = connect()) {
      gate.open(program.address());
      program.reply(program.take());

      assertThat(client.getInputStream().read()).isEqualTo('a');
    }
  }

  @Test
  void whatIsAskedOfTheOldProcessIsAnsweredByItAndNewOnesGoToTheNext() throws Exception {
    try (Program old = new Program('a');
        Program fresh = new Program('b');
        Socket asked = connect()) {
      gate.open(old.address());
      Socket inside = old.take();
      gate.hold();
      try (Socket waiting = connect()) {
        CompletableFuture<Boolean> drained = drained();
        assertThat(drained).isNotDone();

        old.reply(inside);
        inside.close();
        assertThat(asked.getInputStream().read()).isEqualTo('a');
        assertThat(drained.get()).isTrue();
        gate.open(fresh.address());
        fresh.reply(fresh.take());

        assertThat(waiting.getInputStream().read()).isEqualTo('b');
      }
    }
  }

  @Test
  void aConnectionThatWasAnsweredAndIsQuietHoldsNobodyUp() throws Exception {
    gate.close();
    gate = gate(LONG, SHORT);
    try (Program old = new Program('a');
        Socket client = connect()) {
      gate.open(old.address());
      old.reply(old.take());
      assertThat(client.getInputStream().read()).isEqualTo('a');
      gate.hold();

      assertThat(drained().get()).isTrue();
    }
  }

  @Test
  void aRequestThatIsNeverAnsweredIsNotWaitedForForEver() throws Exception {
    gate.close();
    gate = gate(SHORT, SHORT);
    try (Program old = new Program('a');
        Socket _ = connect()) {
      gate.open(old.address());
      try (Socket inside = old.take()) {
        assertThat(inside.getInputStream().read()).isEqualTo('?');
        gate.hold();

        assertThat(drained().get()).isFalse();
      }
    }
  }

  @Test
  void everythingOfBothSidesArrivesThoughOneEndsFirst() throws Exception {
    byte[] much = new byte[3_000_000];
    try (Program program = new Program('a');
        Socket client = new Socket(InetAddress.getLoopbackAddress(), gate.port().orElseThrow())) {
      gate.open(program.address());
      Socket inside = program.take();
      CompletableFuture<Integer> heard = CompletableFuture.supplyAsync(() -> length(inside, much));
      OutputStream out = client.getOutputStream();
      out.write(much);
      client.shutdownOutput();

      assertThat(client.getInputStream().readAllBytes()).hasSize(much.length);
      assertThat(heard.get()).isEqualTo(much.length);
    }
  }

  /// Reads all, then answers with as much.
  private static int length(Socket socket, byte[] answer) {
    try (socket;
        InputStream in = socket.getInputStream()) {
      int length = in.readAllBytes().length;
      socket.getOutputStream().write(answer);
      return length;
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }

  @Test
  void aProcessThatEndedBeforeItTookTheConnectionIsFollowedByTheNext() throws Exception {
    InetSocketAddress gone;
    try (Program program = new Program('a')) {
      gone = program.address();
    }
    gate.open(gone);
    try (Program next = new Program('b');
        Socket client = connect()) {
      gate.open(next.address());
      next.reply(next.take());

      assertThat(client.getInputStream().read()).isEqualTo('b');
    }
  }

  @Test
  void aPortOfAnotherIsToldAndTakenWhenItIsFree() throws Exception {
    ServerSocket other = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
    try (Gate second =
        new Gate("127.0.0.1", other.getLocalPort(), new Gate.Patience(LONG, LONG, LONG))) {
      second.start();

      assertThat(second.trouble().orElseThrow())
          .startsWith("The port " + other.getLocalPort() + " of `127.0.0.1` cannot be listened on");
      assertThat(second.port()).isEmpty();
      other.close();
      until(() -> second.port().isPresent());
      assertThat(second.trouble()).isEmpty();
    }
  }

  @Test
  void closingEndsWhatWaits() throws IOException {
    try (Socket client = connect()) {
      gate.close();

      int end = endOf(client);
      assertThat(end).isEqualTo(-1);
    }
  }

  private static int endOf(Socket client) {
    try {
      return client.getInputStream().read();
    } catch (IOException e) {
      return -1; // a reset is an end
    }
  }

  private CompletableFuture<Boolean> drained() {
    return CompletableFuture.supplyAsync(() -> {
      try {
        return gate.drain();
      } catch (InterruptedException e) {
        throw new AssertionError(e);
      }
    });
  }

  private static void until(BooleanSupplier condition) {
    long deadline = System.nanoTime() + TimeUnit.SECONDS.toNanos(50);
    while (!condition.getAsBoolean()) {
      assertThat(System.nanoTime()).isLessThan(deadline);
      Thread.onSpinWait();
    }
  }
}
