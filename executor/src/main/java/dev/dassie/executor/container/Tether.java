package dev.dassie.executor.container;

import dev.dassie.executor.datum.RunnerLink;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.SocketChannel;
import java.util.function.Supplier;

/// The way to a runner that is the first process of a container: a Unix socket that it opened, and
/// nobody else can. The container ends when the socket is closed or this process dies.
final class Tether implements RunnerLink {
  private final SocketChannel channel;
  private final OutputStream requests;
  private final InputStream answers;
  private final Supplier<String> trouble;
  private final Runnable removal;

  /// @param trouble what the engine says of the container
  /// @param removal ends and removes the container
  Tether(SocketChannel channel, Supplier<String> trouble, Runnable removal) {
    this.channel = channel;
    this.requests = Channels.newOutputStream(channel);
    this.answers = Channels.newInputStream(channel);
    this.trouble = trouble;
    this.removal = removal;
  }

  @Override
  public OutputStream requests() {
    return requests;
  }

  @Override
  public InputStream answers() {
    return answers;
  }

  @Override
  public String trouble() {
    return trouble.get();
  }

  @Override
  public void end() {
    kill();
    boolean interrupted = Thread.interrupted();
    removal.run();
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void kill() {
    try {
      channel.close();
    } catch (IOException e) {
      return; // it is closed for this process all the same
    }
  }
}
