package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.api.Percent;
import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.server.access.Principals;
import dev.dassie.server.wire.Wire;
import dev.dassie.version.Call;
import dev.dassie.version.RepoName;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.eclipse.jetty.http.HttpHeader;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.ObjectNode;

/// One request and its reply, as resources see them: checked values in, documents out. For the
/// thread of the request.
public final class Exchange {
  static final String JSON = "application/json";
  static final String NDJSON = "application/x-ndjson";

  /// The largest document that a request may carry, in bytes.
  static final int DOCUMENT_MAX = 8 << 20;

  private static final int LIMIT_DEFAULT = 100;
  private static final int LIMIT_MAX = 10_000;
  private static final int KEY_MAX = 200;

  private final Wire wire;
  private final Route route;
  private final Map<String, String> path;
  private final Map<String, String> query;
  private final Optional<RepoName> pipeline;

  Exchange(Wire wire, Route route, Map<String, String> path, Optional<RepoName> pipeline) {
    this.pipeline = pipeline;
    this.wire = wire;
    this.route = route;
    this.path = path;
    String raw = wire.request().getHttpURI().getQuery();
    this.query = RawText.query(raw == null ? "" : raw);
    List<String> known = route.query().stream().map(Route.Parameter::name).toList();
    for (String name : query.keySet()) {
      if (!known.contains(name)) {
        throw new Fault.Invalid(
                "The query parameter",
                name,
                known.isEmpty() ? "none here" : "one of `" + String.join("`, `", known) + "`",
                Nearest.hint(name, known))
            .asException();
      }
    }
  }

  /// Of a request that is refused, whatever it asks for.
  static Exchange ofRefusal(Wire wire) {
    Route any = Route.page("GET", "/", List.of(), exchange -> {});
    return new Exchange(wire, any);
  }

  private Exchange(Wire wire, Route route) {
    this.pipeline = Optional.empty();
    this.wire = wire;
    this.route = route;
    this.path = Map.of();
    this.query = Map.of();
  }

  public boolean isHead() {
    return wire.request().getMethod().equals("HEAD");
  }

  /// The value of a path parameter of the route.
  public String path(String name) {
    String value = path.get(name);
    if (value == null) {
      throw new IllegalArgumentException("the route has no " + name);
    }
    return value;
  }

  public Optional<String> text(String name) {
    return Optional.ofNullable(query.get(name)).filter(value -> !value.isEmpty());
  }

  public String required(String name) {
    return text(name)
        .orElseThrow(() ->
            new Fault.Invalid("The query parameter `" + name + "`", "", "a value").asException());
  }

  /// `name=true`, or the name alone.
  public boolean flag(String name) {
    String value = query.get(name);
    if (value == null || value.equals("false")) {
      return false;
    }
    if (value.isEmpty() || value.equals("true")) {
      return true;
    }
    throw new Fault.Invalid("The query parameter `" + name + "`", value, "`true` or `false`")
        .asException();
  }

  public long number(String name, long least, long most, long fallback) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return fallback;
    }
    if (value.get().matches("[0-9]{1,18}")) {
      long number = Long.parseLong(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw new Fault.Invalid(
            "The query parameter `" + name + "`",
            value.get(),
            "a whole number from %d to %d".formatted(least, most))
        .asException();
  }

  /// A header that must be a whole number.
  public long headerNumber(String name) {
    String value = header(name).orElse("");
    if (!value.matches("[0-9]{1,18}")) {
      throw new Fault.Invalid("The header `" + name + "`", value, "a whole number").asException();
    }
    return Long.parseLong(value);
  }

  int limit() {
    return (int) number("limit", 1, LIMIT_MAX, LIMIT_DEFAULT);
  }

  public Optional<String> header(String name) {
    return Optional.ofNullable(wire.request().getHeaders().get(name));
  }

  /// Who asks for this change, why, and under which key.
  public Call call() {
    Optional<String> key = header("Idempotency-Key");
    if (key.isPresent() && !key.get().matches("[!-~]{1," + KEY_MAX + "}")) {
      throw new Fault.Invalid(
              "The header `Idempotency-Key`",
              key.get(),
              "1 to " + KEY_MAX + " visible ASCII characters")
          .asException();
    }
    String message =
        header("Dassie-Message")
            .map(value -> RawText.decode("The header `Dassie-Message`", value, false))
            .orElse("");
    String claimed = Principals.claimed(header("Dassie-Principal"));
    return new Call(pipeline.map(Call::principalOf).orElse(claimed), message, key);
  }

  /// The body as bytes, to be read once.
  public InputStream body() {
    return wire.body();
  }

  /// Reads the body to its end, where a call is answered without it: a client that is still sending
  /// reads no reply.
  public void drain() throws IOException {
    long _ = wire.body().transferTo(OutputStream.nullOutputStream());
  }

  /// The body as text of at most [#DOCUMENT_MAX] bytes.
  public String document() throws IOException {
    byte[] bytes = wire.body().readNBytes(DOCUMENT_MAX + 1);
    if (bytes.length > DOCUMENT_MAX) {
      throw new Fault.Invalid("The body", "of more than 8 MiB", "a document of at most 8 MiB")
          .asException();
    }
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
    } catch (CharacterCodingException e) {
      throw new Fault.Invalid("The body", "not UTF-8", "text in UTF-8").asException();
    }
  }

  /// The fields of a form that a browser sent.
  public Map<String, String> form() throws IOException {
    return RawText.query(document());
  }

  /// Sends the reader to another page, which is asked for with `GET`.
  public void redirect(String location) {
    wire.status(303);
    wire.headers().put(HttpHeader.LOCATION, location);
    wire.send(new byte[0]);
  }

  /// The body as a JSON object; without a body an empty one.
  Fields json() throws IOException {
    String text = document();
    if (text.isBlank()) {
      return new Fields(Json.object());
    }
    try {
      if (Json.parse(text) instanceof ObjectNode object) {
        return new Fields(object);
      }
    } catch (IOException e) {
      throw new Fault.Invalid(
              "The body", shortened(text), "a JSON object", Optional.of(e.getMessage() + "."))
          .asException();
    }
    throw new Fault.Invalid("The body", shortened(text), "a JSON object").asException();
  }

  private static String shortened(String text) {
    return text.length() > 80 ? text.substring(0, 80) + "…" : text;
  }

  /// Sets a header of the reply; the value is percent-encoded where it is not plain.
  public void header(String name, String value) {
    wire.headers().put(name, value.matches("[ -~]*") ? value : Percent.encode(value));
  }

  public void status(int status) {
    wire.status(status);
  }

  /// Answers with one document, with the route's status.
  void reply(JsonNode document) {
    wire.status(route.reply().status());
    wire.headers().put(HttpHeader.CONTENT_TYPE, JSON);
    wire.send(Json.compact(document).getBytes(StandardCharsets.UTF_8));
  }

  public void replyText(String contentType, String text) {
    wire.headers().put(HttpHeader.CONTENT_TYPE, contentType);
    wire.send(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Refuses with a status of HTTP itself that no fault stands for, and a header that goes with it.
  void replyProblem(int status, String detail, String header, String value) {
    wire.status(status);
    wire.headers().put(header, value);
    wire.headers().put(HttpHeader.CONTENT_TYPE, Problems.MEDIA_TYPE);
    JsonNode problem = Problems.document(status, "invalid", detail, Optional.empty());
    wire.send(Json.compact(problem).getBytes(StandardCharsets.UTF_8));
  }

  void replyNothing() {
    wire.status(204);
    wire.send(new byte[0]);
  }

  /// Starts a reply of bytes; `length` below 0 is unknown. Close the stream when all went well.
  public OutputStream replyBytes(String contentType, long length) {
    wire.headers().put(HttpHeader.CONTENT_TYPE, contentType);
    if (length >= 0) {
      wire.headers().put(HttpHeader.CONTENT_LENGTH, length);
    }
    return wire.stream();
  }

  /// Ends a reply that has no body but the headers of one (`HEAD`, 304).
  public void replyHead() {
    wire.send(new byte[0]);
  }

  public boolean accepts(String mediaType) {
    return header("Accept").map(accept -> accept.contains(mediaType)).orElse(false);
  }

  /// Answers with one page of a list, or with all of it as NDJSON.
  <T> void replyPage(Page<T> page) throws IOException {
    String after = Page.decode(text("cursor").orElse(""));
    if (accepts(NDJSON)) {
      replyLines(page.from().apply(after), page.json());
      return;
    }
    int limit = limit();
    ArrayNode items = Json.array();
    Iterator<T> all = page.from().apply(after);
    String last = "";
    while (items.size() < limit && all.hasNext()) {
      T item = all.next();
      last = page.place().apply(item);
      items.add(page.json().apply(item));
    }
    ObjectNode document = Json.object();
    document.set("items", items);
    if (all.hasNext()) {
      document.put("next", Page.encode(last));
    } else {
      document.putNull("next");
    }
    reply(document);
  }

  /// Answers with a list that the core hands out in pages, under its cursors.
  <T> void replyPages(
      BiFunction<String, Integer, dev.dassie.version.Page<T>> pages, Function<T, JsonNode> json)
      throws IOException {
    String cursor = Page.decode(text("cursor").orElse(""));
    if (accepts(NDJSON)) {
      replyLines(new PagedIterator<>(pages, cursor), json);
      return;
    }
    int limit = limit();
    ArrayNode items = Json.array();
    Optional<String> next = Optional.of(cursor);
    while (items.size() < limit && next.isPresent()) {
      dev.dassie.version.Page<T> page = pages.apply(next.get(), limit - items.size());
      page.items().forEach(item -> items.add(json.apply(item)));
      next = page.next();
    }
    ObjectNode document = Json.object();
    document.set("items", items);
    document.put("next", next.map(Page::encode).orElse(null));
    reply(document);
  }

  /// Answers with a short list that is whole in memory.
  <T> void replyAll(List<T> all, Function<T, String> place, Function<T, JsonNode> json)
      throws IOException {
    replyPage(new Page<>(after -> after(all, place, after), place, json));
  }

  private static <T> Iterator<T> after(List<T> all, Function<T, String> place, String after) {
    if (after.isEmpty()) {
      return all.iterator();
    }
    List<T> rest = new ArrayList<>();
    boolean past = false;
    for (T item : all) {
      if (past) {
        rest.add(item);
      }
      past |= place.apply(item).equals(after);
    }
    return rest.iterator();
  }

  /// Answers with all items, one a line.
  <T> void replyLines(Iterator<T> items, Function<T, JsonNode> json) throws IOException {
    Lines lines = lines();
    try {
      while (items.hasNext()) {
        lines.send(json.apply(items.next()));
      }
    } catch (dev.dassie.fault.DassieException e) {
      lines.fail(e);
    }
    lines.end();
  }

  /// Starts a reply of lines.
  Lines lines() {
    return new Lines(wire);
  }
}
