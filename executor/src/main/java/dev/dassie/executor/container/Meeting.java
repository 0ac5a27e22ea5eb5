package dev.dassie.executor.container;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.executor.datum.SlotLostException;
import java.io.IOException;
import java.net.StandardProtocolFamily;
import java.net.UnixDomainSocketAddress;
import java.nio.channels.ServerSocketChannel;
import java.nio.channels.SocketChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/// A Unix socket at which one runner calls once. It is gone before any code of a user runs, which
/// so can call nobody. Used by one thread.
final class Meeting implements AutoCloseable {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration LOOK = Duration.ofMillis(500);

  private final Path place;
  private final ServerSocketChannel socket;

  Meeting(Path place) throws IOException {
    this.place = place;
    this.socket = ServerSocketChannel.open(StandardProtocolFamily.UNIX);
    try {
      socket.bind(UnixDomainSocketAddress.of(place));
      Permissions.share(place);
    } catch (IOException e) {
      socket.close();
      throw e;
    }
  }

  /// Looks whether anybody can still call.
  interface Look {
    /// Why not.
    Optional<String> now() throws InterruptedException;
  }

  /// Waits for the call.
  SocketChannel await(Look look) throws InterruptedException, SlotLostException {
    CompletableFuture<SocketChannel> call = new CompletableFuture<>();
    Thread.ofVirtual()
        .name("dassie-meeting")
        .start(() -> {
          try {
            call.complete(socket.accept());
          } catch (IOException e) {
            call.completeExceptionally(e);
          }
        });
    long start = System.nanoTime();
    Optional<String> over = Optional.empty();
    while (true) {
      try {
        return call.get(LOOK.toMillis(), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (over.isPresent()) {
          throw new SlotLostException("The runner did not start: " + over.get());
        }
        over = look.now(); // once more: it may have called just before
        if (over.isEmpty() && System.nanoTime() - start > START.toNanos()) {
          over = Optional.of("it did not call within %d s".formatted(START.toSeconds()));
        }
      } catch (ExecutionException e) {
        throw new SlotLostException("The runner did not start: " + e.getCause());
      }
    }
  }

  @Override
  public void close() throws IOException {
    socket.close();
    Files.deleteIfExists(place);
  }
}
