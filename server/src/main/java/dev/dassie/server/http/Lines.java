package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.DassieException;
import dev.dassie.server.wire.Wire;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import org.eclipse.jetty.http.HttpHeader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/// A reply in NDJSON: one document a line, buffered until [#flush]. A refusal after the first line
/// becomes a last line `{"problem": …}`, as the status is gone by then. For the thread of the
/// request.
final class Lines {
  private final Wire wire;
  private final OutputStream out;

  Lines(Wire wire) {
    this.wire = wire;
    wire.headers().put(HttpHeader.CONTENT_TYPE, Exchange.NDJSON);
    this.out = wire.stream();
  }

  void send(JsonNode document) throws IOException {
    out.write((Json.compact(document) + "\n").getBytes(StandardCharsets.UTF_8));
  }

  /// Sends what is buffered; with nothing buffered an empty line, which readers pass over, so that
  /// a client that went away is noticed.
  void beat() throws IOException {
    out.write('\n');
    out.flush();
  }

  void flush() throws IOException {
    out.flush();
  }

  /// Ends with a refusal: as the status where none was sent, else as the last line.
  void fail(DassieException e) throws IOException {
    if (!wire.isCommitted()) {
      throw e;
    }
    ObjectNode line = Json.object();
    line.set("problem", Problems.document(Problems.of(e.fault())));
    send(line);
  }

  /// Ends the reply. Not called where something failed: a reply that breaks off must not look
  /// whole.
  void end() throws IOException {
    out.close();
  }
}
