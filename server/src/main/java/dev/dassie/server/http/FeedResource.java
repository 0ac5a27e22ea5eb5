package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.version.Event;
import dev.dassie.version.Versions;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;

/// The feed of what changed, once or followed.
final class FeedResource {
  private static final int BATCH = 500;
  private static final int LIMIT_MAX = 10_000;
  private static final int LIMIT_DEFAULT = 1_000;

  /// A follower that hears nothing for so long gets a sign of life; if it is gone, that shows.
  private static final Duration BEAT = Duration.ofSeconds(15);

  private final Versions versions;
  private final Waits waits;

  FeedResource(Versions versions, Waits waits) {
    this.versions = versions;
    this.waits = waits;
  }

  List<Route> routes() {
    return List.of(
        Route.get(
                "/api/v1/feed",
                "get_feed",
                "Every change of state in commit order, as NDJSON; as server-sent events where"
                    + " text/event-stream is accepted.")
            .number(
                "after",
                "Position of the last event known; unless given 0, or the newest with `follow`.")
            .number(
                "limit",
                "Events at most, 1 to 10,000; 1,000 unless given, or all to come with `follow`.")
            .flag("follow", "Whether to go on as events come.")
            .lines("Event", this::read));
  }

  private void read(Exchange exchange) throws IOException, InterruptedException {
    boolean events = exchange.accepts("text/event-stream") && !exchange.isHead();
    boolean follow = events || (exchange.flag("follow") && !exchange.isHead());
    long start = follow ? versions.position() : 0;
    long after =
        events && exchange.header("Last-Event-ID").isPresent()
            ? exchange.headerNumber("Last-Event-ID")
            : exchange.number("after", 0, Long.MAX_VALUE / 2, start);
    long limit = exchange.number("limit", 1, LIMIT_MAX, follow ? Long.MAX_VALUE : LIMIT_DEFAULT);
    if (events) {
      EventStream out = new EventStream(exchange);
      out.beat();
      follow(out, after, limit);
      out.end();
    } else if (follow) {
      Lines lines = exchange.lines();
      lines.beat();
      follow(new LineSink(lines), after, limit);
      lines.end();
    } else {
      once(exchange, after, limit);
    }
  }

  private void once(Exchange exchange, long after, long limit) throws IOException {
    Lines lines = exchange.lines();
    long position = after;
    long left = limit;
    while (left > 0) {
      List<Event.Positioned> batch = versions.events(position, (int) Math.min(left, BATCH));
      for (Event.Positioned event : batch) {
        lines.send(VersionJson.event(event));
        position = event.position();
      }
      left = batch.isEmpty() ? 0 : left - batch.size();
    }
    lines.end();
  }

  private void follow(Sink sink, long after, long limit) throws IOException, InterruptedException {
    long position = after;
    long left = limit;
    while (left > 0) {
      List<Event.Positioned> batch = versions.events(position, (int) Math.min(left, BATCH));
      for (Event.Positioned event : batch) {
        sink.send(event);
        position = event.position();
      }
      left -= batch.size();
      if (batch.isEmpty()) {
        sink.beat();
        long from = position;
        long _ = waits.during(() -> versions.metadata().awaitAfter(from, BEAT));
      } else {
        sink.flush();
      }
    }
  }

  /// Where followed events go.
  private interface Sink {
    void send(Event.Positioned event) throws IOException;

    void beat() throws IOException;

    void flush() throws IOException;
  }

  private record LineSink(Lines lines) implements Sink {
    @Override
    public void send(Event.Positioned event) throws IOException {
      lines.send(VersionJson.event(event));
    }

    @Override
    public void beat() throws IOException {
      lines.beat();
    }

    @Override
    public void flush() throws IOException {
      lines.flush();
    }
  }

  /// Server-sent events (WHATWG HTML, section 9.2); the id of each is its position.
  private static final class EventStream implements Sink {
    private final OutputStream out;

    EventStream(Exchange exchange) {
      exchange.header("Cache-Control", "no-store");
      out = exchange.replyBytes("text/event-stream", -1);
    }

    @Override
    public void send(Event.Positioned event) throws IOException {
      write(
          "id: %d\nevent: %s\ndata: %s\n\n"
              .formatted(
                  event.position(), event.event().kind(), Json.compact(VersionJson.event(event))));
    }

    @Override
    public void beat() throws IOException {
      write(": \n\n");
      out.flush();
    }

    @Override
    public void flush() throws IOException {
      out.flush();
    }

    private void write(String text) throws IOException {
      out.write(text.getBytes(StandardCharsets.UTF_8));
    }

    void end() throws IOException {
      out.close();
    }
  }
}
