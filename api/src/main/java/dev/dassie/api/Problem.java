package dev.dassie.api;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// A refusal as the server states it (`application/problem+json`).
///
/// @param code one of [#NOT_FOUND], [#INVALID], …; scripts may rely on it
/// @param status the HTTP status; 0 where no server answered
/// @param detail one sentence for a person
/// @param details what is wrong at which place of a document, in its order; empty for other
///   refusals
public record Problem(
    String code, int status, String detail, Optional<String> hint, List<Detail> details) {
  public static final String NOT_FOUND = "not_found";
  public static final String ALREADY_EXISTS = "already_exists";
  public static final String INVALID = "invalid";
  public static final String CONFLICT = "conflict";
  public static final String FAILED = "failed";
  public static final String DENIED = "denied";
  public static final String UNSUPPORTED = "unsupported";
  public static final String TIMED_OUT = "timed_out";
  public static final String UNAVAILABLE = "unavailable";
  public static final String UNREACHABLE = "unreachable";
  public static final String BUG = "bug";

  public Problem {
    details = List.copyOf(details);
  }

  /// A broken rule at a place of a document; `line` and `column` count from 1, 0 is no place.
  public record Detail(int line, int column, String message, Optional<String> hint) {}

  /// A refusal that the client itself states.
  public static Problem of(String code, String detail, Optional<String> hint) {
    return new Problem(code, 0, detail, hint, List.of());
  }

  /// A value that the user gave breaks a rule.
  public static Problem invalid(String detail) {
    return of(INVALID, detail, Optional.empty());
  }

  /// This refusal as an exception.
  public ProblemException asException() {
    return new ProblemException(this);
  }

  /// The refusal that an error reply holds. A reply that is not one (a proxy's page) becomes a
  /// sentence with its status.
  public static Problem read(int status, JsonNode body) {
    List<Detail> details = new ArrayList<>();
    for (JsonNode detail : body.path("problems")) {
      details.add(
          new Detail(
              detail.path("line").asInt(0),
              detail.path("column").asInt(0),
              detail.path("message").asString(""),
              text(detail, "hint")));
    }
    String sentence = body.path("detail").asString("");
    return new Problem(
        text(body, "code").orElseGet(() -> codeOf(status)),
        status,
        sentence.isEmpty()
            ? "The server answered with HTTP status `%d`.".formatted(status)
            : sentence,
        text(body, "hint"),
        details);
  }

  private static Optional<String> text(JsonNode body, String key) {
    JsonNode value = body.path(key);
    return value.isString() && !value.stringValue().isEmpty()
        ? Optional.of(value.stringValue())
        : Optional.empty();
  }

  private static String codeOf(int status) {
    return switch (status) {
      case 400 -> INVALID;
      case 401, 403 -> DENIED;
      case 404 -> NOT_FOUND;
      case 408 -> TIMED_OUT;
      case 409, 412 -> CONFLICT;
      case 422 -> FAILED;
      case 500 -> BUG;
      default -> UNAVAILABLE;
    };
  }
}
