package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import java.nio.ByteBuffer;
import org.eclipse.jetty.http.HttpHeader;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.handler.ErrorHandler;
import org.eclipse.jetty.util.Callback;

/// Answers what Jetty refuses before [Door] sees it (not HTTP, headers too long) with an error of
/// S3, as everything else.
public final class UnreadableRequests implements Request.Handler {
  @Override
  public boolean handle(Request request, Response response, Callback callback) {
    int status = response.getStatus();
    Object reason = request.getAttribute(ErrorHandler.ERROR_MESSAGE);
    String said = reason == null ? "it is not HTTP" : reason.toString();
    Code code =
        status == 431 || status == 414 ? Code.REQUEST_HEADERS_TOO_LARGE : Code.INVALID_REQUEST;
    // What Jetty calls a failure of its own here is a request that it cannot read either.
    response.setStatus(status >= 400 && status < 500 ? status : code.status());
    Refusal refusal = new Refusal(code, "The request cannot be read: %s.".formatted(said));
    response.getHeaders().put(HttpHeader.CONTENT_TYPE, "application/xml");
    response.getHeaders().put(HttpHeader.CONNECTION, "close");
    response.write(true, ByteBuffer.wrap(Answers.document(refusal, "/", "0")), callback);
    return true;
  }
}
