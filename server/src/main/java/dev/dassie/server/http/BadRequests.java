package dev.dassie.server.http;

import dev.dassie.api.Json;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers what Jetty refuses before [Door] sees it (not HTTP, a header too long) with a problem,
/// as everything else.
public final class BadRequests implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    String said = reason == null ? Problems.title(status) : reason.toString();
    String code = status < 500 ? "invalid" : "unavailable";
    byte[] body =
        Json.compact(
                Problems.document(
                    status,
                    code,
                    "The request cannot be read: %s.".formatted(said),
                    Optional.empty()))
            .getBytes(StandardCharsets.UTF_8);
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, Problems.MEDIA_TYPE);
    // Jetty ends the connection after these; a client that knows sends nothing more on it.
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    response.write(true, ByteBuffer.wrap(body), callback);
    return true;
  }
}
