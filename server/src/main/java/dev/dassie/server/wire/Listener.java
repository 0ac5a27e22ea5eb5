package dev.dassie.server.wire;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.net.BindException;
import java.net.URI;
import java.util.Optional;
import org.eclipse.jetty.http.UriCompliance;
import org.eclipse.jetty.io.ArrayByteBufferPool;
import org.eclipse.jetty.io.ByteBufferPool;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.HttpConfiguration;
import org.eclipse.jetty.server.HttpConnectionFactory;
import org.eclipse.jetty.server.NetworkConnectionLimit;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.VirtualThreads;
import org.eclipse.jetty.util.thread.QueuedThreadPool;

/// A port with a door behind it. Listens once started, until closed.
public final class Listener implements AutoCloseable {
  /// A path of 4,096 bytes, percent-encoded, twice, and ordinary headers.
  private static final int HEADER_BYTES = 32 << 10;

  /// Bytes that are read from a connection at a time, at most. While none come, a connection holds
  /// no buffer.
  private static final int INPUT_BYTES = 128 << 10;

  /// Bytes of buffers that are kept for the next request.
  private static final long POOLED_BYTES = 32 << 20;

  private static final int CONNECTIONS_MAX = 2048;
  private static final long IDLE_MILLIS = 60_000;

  private final Server server;
  private final ServerConnector connector;
  private final String bind;
  private final String flag;

  /// Prepares the port; 0 takes a free one.
  ///
  /// @param name of its threads
  /// @param flag of the server that chooses another port, for the refusal
  /// @param door takes every request, on virtual threads
  /// @param unreadable answers what Jetty refuses before the door sees it
  public Listener(
      String bind, int port, String name, String flag, Handler door, Request.Handler unreadable) {
    this.bind = bind;
    this.flag = flag;
    QueuedThreadPool threads = new QueuedThreadPool(16, 4);
    threads.setName(name);
    threads.setVirtualThreadsExecutor(VirtualThreads.getDefaultVirtualThreadsExecutor());
    // The pool of Jetty's own making keeps no buffer as large as ours are.
    ByteBufferPool buffers =
        new ArrayByteBufferPool(0, -1, INPUT_BYTES, Integer.MAX_VALUE, POOLED_BYTES, POOLED_BYTES);
    server = new Server(threads, null, buffers);
    HttpConfiguration http = new HttpConfiguration();
    http.setSendServerVersion(false);
    http.setRequestHeaderSize(HEADER_BYTES);
    http.setResponseHeaderSize(HEADER_BYTES);
    // The router reads the raw path itself and refuses what is wrong with it in a sentence.
    http.setUriCompliance(UriCompliance.UNSAFE);
    // Signatures cover values as they were sent.
    http.setHeaderCacheCaseSensitive(true);
    // Looking fields up costs more than parsing them: hardly one comes twice with the same value.
    http.setHeaderCacheSize(0);
    HttpConnectionFactory connections = new HttpConnectionFactory(http);
    connections.setInputBufferSize(INPUT_BYTES);
    connector = new ServerConnector(server, 1, 1, connections);
    connector.setHost(bind);
    connector.setPort(port);
    connector.setIdleTimeout(IDLE_MILLIS);
    connector.setAcceptQueueSize(512);
    server.addConnector(connector);
    server.addBean(new NetworkConnectionLimit(CONNECTIONS_MAX, connector));
    server.setHandler(door);
    server.setErrorHandler(unreadable);
    server.setStopTimeout(0);
  }

  /// Listens.
  ///
  /// @throws DassieException `Conflict` when the port is taken or the address is not of this
  ///   machine
  public void start() {
    try {
      server.start();
    } catch (Exception e) {
      close();
      if (e instanceof BindException || e.getCause() instanceof BindException) {
        throw new DassieException(
            new Fault.Conflict(
                "The server cannot listen on `%s:%d`: another program has that port, or the address is not of this machine."
                    .formatted(bind, connector.getPort()),
                Optional.of(
                    "Choose another with `%s`, or stop the other program.".formatted(flag))),
            e);
      }
      if (e instanceof IOException || e.getCause() instanceof java.net.UnknownHostException) {
        throw new DassieException(
            new Fault.Invalid("`bind`", bind, "an address of this machine"), e);
      }
      throw new IllegalStateException(e);
    }
  }

  /// Where it listens, as an address that clients on this machine can use.
  public URI uri() {
    String host = bind.equals("0.0.0.0") ? "127.0.0.1" : bind.equals("::") ? "::1" : bind;
    return URI.create(
        "http://%s:%d"
            .formatted(host.contains(":") ? "[" + host + "]" : host, connector.getLocalPort()));
  }

  @Override
  public void close() {
    try {
      server.stop();
    } catch (Exception e) {
      throw new IllegalStateException(e);
    }
  }
}
