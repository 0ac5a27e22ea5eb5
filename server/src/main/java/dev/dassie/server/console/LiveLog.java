package dev.dassie.server.console;

import dev.dassie.api.Json;
import dev.dassie.content.Digest;
import dev.dassie.job.DatumView;
import dev.dassie.job.JobName;
import dev.dassie.job.Jobs;
import dev.dassie.job.Written;
import dev.dassie.server.http.Exchange;
import dev.dassie.server.http.Waits;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.Optional;
import tools.jackson.databind.node.ObjectNode;

/// Sends what a datum writes while it runs, as server-sent events: `{"text", "gap"}`, where a gap
/// says that bytes before the text were passed over because more was written than is looked at. An
/// event `end` says that the datum runs no more. However much is written, a reader is sent at most
/// [Written#MOST] bytes each half second.
final class LiveLog {
  private static final Duration PAUSE = Duration.ofMillis(500);

  private final Jobs jobs;
  private final Waits waits;

  LiveLog(Jobs jobs, Waits waits) {
    this.jobs = jobs;
    this.waits = waits;
  }

  /// Follows a datum until it has ended or the reader goes.
  void follow(Exchange exchange, JobName name, String id) throws IOException, InterruptedException {
    DatumView datum = jobs.datum(name, id);
    Digest key = Digest.parse(datum.key());
    exchange.header("Cache-Control", "no-store");
    OutputStream out = exchange.replyBytes("text/event-stream", -1);
    long sent = 0;
    while (true) {
      Optional<Written> now = jobs.written(name, key);
      if (now.isPresent()) {
        // Less than before is the next try.
        long from = now.get().total() < sent ? 0 : sent;
        sent = from + send(out, now.get(), from);
      } else if (ended(name, id)) {
        write(out, "event: end\ndata: \n\n");
        out.close();
        return;
      }
      // Sent in each turn, so that a reader who went away is noticed.
      write(out, ": \n\n");
      waits.during(() -> {
        Thread.sleep(PAUSE);
        return true;
      });
    }
  }

  private boolean ended(JobName name, String id) {
    return jobs.inspect(name).state().ended()
        || jobs.datum(name, id).state() != DatumView.State.WAITING;
  }

  /// Sends what came behind an offset and answers how many bytes that were, with those that were
  /// passed over. A letter of which only the first bytes came waits for the others.
  private static long send(OutputStream out, Written now, long from) throws IOException {
    long fresh = now.total() - from;
    int length = (int) Math.min(fresh, now.end().length);
    byte[] bytes = Arrays.copyOfRange(now.end(), now.end().length - length, now.end().length);
    int whole = whole(bytes);
    if (whole > 0) {
      ObjectNode event =
          Json.object()
              .put("text", Say.lines(new String(bytes, 0, whole, StandardCharsets.UTF_8)))
              .put("gap", fresh > length);
      write(out, "data: " + Json.compact(event) + "\n\n");
    }
    return fresh - (length - whole);
  }

  /// Bytes up to the last letter that is whole.
  private static int whole(byte[] bytes) {
    int start = bytes.length;
    for (int back = 1; back <= Math.min(3, bytes.length); back++) {
      int letter = bytes[bytes.length - back] & 0xff;
      if (letter >= 0xc0) {
        int needs = letter >= 0xf0 ? 4 : letter >= 0xe0 ? 3 : 2;
        return needs > back ? start - back : start;
      }
      if (letter < 0x80) {
        return start;
      }
    }
    return start;
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
    out.flush();
  }
}
