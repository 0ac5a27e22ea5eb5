package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.fault.Fault;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// The one place where a fault becomes a status, a code and a document (RFC 9457).
public final class Problems {
  static final String MEDIA_TYPE = "application/problem+json";

  private Problems() {}

  /// How a refusal is answered.
  public record Problem(
      int status, String code, String detail, Optional<String> hint, Fault fault) {}

  public static Problem of(Fault fault) {
    return switch (fault) {
      case Fault.NotFound f -> problem(404, "not_found", f);
      case Fault.AlreadyExists f -> problem(409, "already_exists", f);
      case Fault.Invalid f -> problem(400, "invalid", f);
      case Fault.InvalidDocument f ->
          new Problem(400, "invalid", firstLine(f.message()), f.hint(), f);
      case Fault.Conflict f -> problem(409, "conflict", f);
      case Fault.PreconditionFailed f -> problem(412, "conflict", f);
      case Fault.Failed f -> problem(422, "failed", f);
      case Fault.Denied f -> problem(403, "denied", f);
      case Fault.Unsupported f -> problem(400, "unsupported", f);
      case Fault.TimedOut f -> problem(408, "timed_out", f);
      case Fault.Full f -> problem(507, "full", f);
      case Fault.Unavailable f -> problem(503, "unavailable", f);
      case Fault.Corrupt f -> problem(500, "corrupt", f);
    };
  }

  private static Problem problem(int status, String code, Fault fault) {
    return new Problem(status, code, fault.message(), fault.hint(), fault);
  }

  /// The document of a refusal.
  static ObjectNode document(Problem problem) {
    ObjectNode document =
        document(problem.status(), problem.code(), problem.detail(), problem.hint());
    if (problem.fault() instanceof Fault.InvalidDocument invalid) {
      document.set("problems", problems(invalid.problems()));
    }
    return document;
  }

  /// The document of a bug: nothing of its cause, only the id under which the log has it.
  static ObjectNode bug(String id) {
    return document(
        500,
        "bug",
        "Dassie met an internal error; the server's log has it under `%s`.".formatted(id),
        Optional.of("This is a bug in Dassie: please report it with that line of the log."));
  }

  /// The document of a refusal that no fault stands behind, such as a request that is not HTTP.
  static ObjectNode document(int status, String code, String detail, Optional<String> hint) {
    ObjectNode document =
        Json.object()
            .put("type", "about:blank")
            .put("title", title(status))
            .put("status", status)
            .put("detail", detail)
            .put("code", code);
    hint.ifPresent(text -> document.put("hint", text));
    return document;
  }

  private static ArrayNode problems(List<Fault.InvalidDocument.Problem> problems) {
    ArrayNode list = Json.array();
    for (Fault.InvalidDocument.Problem problem : problems) {
      ObjectNode item =
          list.addObject()
              .put("line", problem.line())
              .put("column", problem.column())
              .put("message", problem.message());
      problem.hint().ifPresent(hint -> item.put("hint", hint));
    }
    return list;
  }

  private static String firstLine(String message) {
    int end = message.indexOf('\n');
    return (end < 0 ? message : message.substring(0, end)).replaceAll(":$", ".");
  }

  /// The status in words (RFC 9110).
  public static String title(int status) {
    return switch (status) {
      case 400 -> "Bad Request";
      case 403 -> "Forbidden";
      case 404 -> "Not Found";
      case 405 -> "Method Not Allowed";
      case 408 -> "Request Timeout";
      case 409 -> "Conflict";
      case 413 -> "Content Too Large";
      case 414 -> "URI Too Long";
      case 416 -> "Range Not Satisfiable";
      case 422 -> "Unprocessable Content";
      case 431 -> "Request Header Fields Too Large";
      case 500 -> "Internal Server Error";
      case 503 -> "Service Unavailable";
      case 507 -> "Insufficient Storage";
      default -> "Error";
    };
  }
}
