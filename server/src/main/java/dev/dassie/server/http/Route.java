package dev.dassie.server.http;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// One call of the API: how it is found, what it takes and gives (for the OpenAPI document), and
/// what answers it. Immutable; each `with` method answers a changed copy.
///
/// @param template path with parameters in braces, e.g. `/projects/{project}/repos`
/// @param name the operation's name in the document, unique
/// @param query the query parameters that are understood; others are refused
public record Route(
    String method,
    String template,
    String name,
    String summary,
    List<Parameter> query,
    Body body,
    Reply reply,
    Action action) {
  public Route {
    query = List.copyOf(query);
  }

  /// Answers a request.
  @FunctionalInterface
  public interface Action {
    void answer(Exchange exchange) throws IOException, InterruptedException;
  }

  /// A query parameter. `schema` is its type for the document.
  public record Parameter(String name, Type schema, String description) {}

  /// Types of query parameters.
  public enum Type {
    TEXT,
    NUMBER,
    FLAG
  }

  /// What a request carries. `schema` names one of the document's schemas, empty for plain bytes.
  public record Body(String mediaType, String schema, boolean required) {
    static final Body NONE = new Body("", "", false);
    static final Body BYTES = new Body("application/octet-stream", "", true);
    static final Body TAR = new Body("application/x-tar", "", true);

    static Body json(String schema) {
      return new Body("application/json", schema, true);
    }

    boolean isNone() {
      return mediaType.isEmpty();
    }
  }

  /// What a good reply carries.
  public record Reply(int status, Form form, String schema) {}

  /// The forms of replies.
  public enum Form {
    /// One JSON document.
    JSON,
    /// A page `{items, next}`, or all items as NDJSON where the client accepts that.
    LIST,
    /// One JSON document a line, as they come.
    LINES,
    BYTES,
    TAR,
    TEXT,
    /// A page for people. It is not a call of the API, and the document does not list it.
    PAGE,
    NOTHING
  }

  static final Parameter LIMIT =
      new Parameter("limit", Type.NUMBER, "Items at most, 1 to 10,000; 100 unless given.");
  static final Parameter CURSOR =
      new Parameter("cursor", Type.TEXT, "Where to go on: `next` of the page before.");
  static final Parameter PATH =
      new Parameter("path", Type.TEXT, "A path in the repo, with or without a leading slash.");

  /// A page for people, or what a page needs.
  ///
  /// @param query the names of the query parameters that are understood
  public static Route page(String method, String template, List<String> query, Action action) {
    List<Parameter> parameters =
        query.stream().map(name -> new Parameter(name, Type.TEXT, "")).toList();
    return of(method, template, template, "")
        .with(parameters.toArray(Parameter[]::new))
        .bytes(Form.PAGE, action);
  }

  /// Whether it is there for people alone.
  public boolean isPage() {
    return reply.form() == Form.PAGE;
  }

  static Route get(String template, String name, String summary) {
    return of("GET", template, name, summary);
  }

  static Route put(String template, String name, String summary) {
    return of("PUT", template, name, summary);
  }

  static Route post(String template, String name, String summary) {
    return of("POST", template, name, summary);
  }

  static Route patch(String template, String name, String summary) {
    return of("PATCH", template, name, summary);
  }

  static Route delete(String template, String name, String summary) {
    return of("DELETE", template, name, summary);
  }

  private static Route of(String method, String template, String name, String summary) {
    return new Route(
        method,
        template,
        name,
        summary,
        List.of(),
        Body.NONE,
        new Reply(204, Form.NOTHING, ""),
        exchange -> {
          throw new IllegalStateException(name + " has no action");
        });
  }

  Route with(Parameter... more) {
    List<Parameter> all = new ArrayList<>(query);
    all.addAll(Arrays.asList(more));
    return new Route(method, template, name, summary, all, body, reply, action);
  }

  Route text(String parameter, String description) {
    return with(new Parameter(parameter, Type.TEXT, description));
  }

  Route flag(String parameter, String description) {
    return with(new Parameter(parameter, Type.FLAG, description));
  }

  Route number(String parameter, String description) {
    return with(new Parameter(parameter, Type.NUMBER, description));
  }

  Route taking(Body taken) {
    return new Route(method, template, name, summary, query, taken, reply, action);
  }

  Route json(String schema, Action does) {
    return replying(new Reply(200, Form.JSON, schema), does);
  }

  Route created(String schema, Action does) {
    return replying(new Reply(201, Form.JSON, schema), does);
  }

  Route list(String schema, Action does) {
    return with(LIMIT, CURSOR).replying(new Reply(200, Form.LIST, schema), does);
  }

  Route lines(String schema, Action does) {
    return replying(new Reply(200, Form.LINES, schema), does);
  }

  Route bytes(Form form, Action does) {
    return replying(new Reply(200, form, ""), does);
  }

  Route nothing(Action does) {
    return replying(new Reply(204, Form.NOTHING, ""), does);
  }

  private Route replying(Reply given, Action does) {
    return new Route(method, template, name, summary, query, body, given, does);
  }
}
