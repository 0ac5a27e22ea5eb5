package dev.dassie.cli.command;

import dev.dassie.api.Json;
import dev.dassie.api.Lines;
import dev.dassie.api.Request;
import dev.dassie.cli.terminal.Column;
import dev.dassie.cli.terminal.Table;
import dev.dassie.cli.terminal.Yaml;
import java.io.IOException;
import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import tools.jackson.databind.JsonNode;

/// Prints replies in the form asked for. Whole lists stream at constant memory.
public final class Listing {
  private final Session session;
  private final Shape shape;
  private final Optional<Shape.Format> format;
  private final PrintStream out;

  public Listing(Session session, Shape shape) {
    this.session = session;
    this.shape = shape;
    this.format = shape.format();
    this.out = session.terminal().out();
  }

  /// A list: one page of it where that is wanted, else all of it.
  ///
  /// @return how many items were printed
  public long list(Request request, Paging paging, List<Column> columns)
      throws IOException, InterruptedException {
    if (!paging.onePage()) {
      return whole(request, columns);
    }
    JsonNode page = session.api().json(paging.on(request));
    Sink sink = sink(columns);
    page.path("items").forEach(sink::add);
    sink.end(page.path("next"));
    if (format.isEmpty() && page.path("next").isString()) {
      session.say("More follow: `--cursor %s`.".formatted(page.path("next").stringValue()));
    }
    return page.path("items").size();
  }

  /// The whole list.
  public long whole(Request request, List<Column> columns)
      throws IOException, InterruptedException {
    return whole(request, columns, item -> {});
  }

  /// The whole list, each item also told to `seen`.
  public long whole(Request request, List<Column> columns, Consumer<JsonNode> seen)
      throws IOException, InterruptedException {
    Sink sink = sink(columns);
    long count = 0;
    try (Lines lines = session.api().lines(request)) {
      session.sayNoteOf(lines.reply());
      for (Optional<JsonNode> item = lines.next(); item.isPresent(); item = lines.next()) {
        sink.add(item.get());
        seen.accept(item.get());
        count++;
      }
    }
    sink.end(Json.parse("null"));
    return count;
  }

  /// Items that are at hand.
  public void items(Iterable<JsonNode> items, List<Column> columns) throws IOException {
    Sink sink = sink(columns);
    items.forEach(sink::add);
    sink.end(Json.parse("null"));
  }

  /// One object, as `inspect` shows it.
  public void object(JsonNode object, List<Column> columns) {
    if (format.isEmpty()) {
      Table.details(columns, object, shape.view(), out);
      return;
    }
    switch (format.get()) {
      case JSON -> out.println(Json.pretty(object));
      case JSONL -> out.println(Json.compact(object));
      case YAML -> out.print(Yaml.document(object));
    }
  }

  private interface Sink {
    void add(JsonNode item);

    void end(JsonNode next);
  }

  private Sink sink(List<Column> columns) {
    return shape
        .format()
        .map(format ->
            switch (format) {
              case JSON -> (Sink) new JsonList();
              case JSONL -> new JsonLines();
              case YAML -> new YamlList();
            })
        .orElseGet(() -> new Rows(new Table(columns, shape.view(), out)));
  }

  private record Rows(Table table) implements Sink {
    @Override
    public void add(JsonNode item) {
      table.add(item);
    }

    @Override
    public void end(JsonNode next) {
      table.end();
    }
  }

  private final class JsonLines implements Sink {
    @Override
    public void add(JsonNode item) {
      out.println(Json.compact(item));
    }

    @Override
    public void end(JsonNode next) {}
  }

  private final class JsonList implements Sink {
    private boolean begun;

    @Override
    public void add(JsonNode item) {
      out.print(begun ? ",\n    " : "{\n  \"items\": [\n    ");
      out.print(Json.pretty(item).replace("\n", "\n    "));
      begun = true;
    }

    @Override
    public void end(JsonNode next) {
      out.print(begun ? "\n  ]" : "{\n  \"items\": []");
      out.println(",\n  \"next\": " + Json.compact(next) + "\n}");
    }
  }

  private final class YamlList implements Sink {
    private boolean begun;

    @Override
    public void add(JsonNode item) {
      out.print(begun ? "" : "items:\n");
      out.print(Yaml.item(item));
      begun = true;
    }

    @Override
    public void end(JsonNode next) {
      out.print(begun ? "" : "items: []\n");
      out.println("next: " + Json.compact(next));
    }
  }
}
