package dev.dassie.server.http;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.ToDoubleFunction;

/// What is counted, for `/metrics`. Thread-safe.
public final class Metrics implements AutoCloseable {
  private final PrometheusMeterRegistry registry =
      new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
  private final Counter bytesIn = registry.counter("dassie.http.received.bytes");
  private final Counter bytesOut = registry.counter("dassie.http.sent.bytes");
  private final Counter s3In = registry.counter("dassie.s3.received.bytes");
  private final Counter s3Out = registry.counter("dassie.s3.sent.bytes");
  private final Map<Kind, Timer> s3 = new ConcurrentHashMap<>();
  private final JvmGcMetrics collections = new JvmGcMetrics();

  private record Kind(String operation, int status) {}

  public Metrics() {
    new JvmMemoryMetrics().bindTo(registry);
    new JvmThreadMetrics().bindTo(registry);
    new ProcessorMetrics().bindTo(registry);
    new UptimeMetrics().bindTo(registry);
    collections.bindTo(registry);
  }

  /// A value that is asked for at each scrape.
  public <T> void gauge(String name, String description, T subject, ToDoubleFunction<T> value) {
    Gauge.builder(name, subject, value).description(description).register(registry);
  }

  /// Counts a request of the S3 API. There are few operations and statuses.
  public void servedS3(String operation, int status, long nanos, long in, long out) {
    s3.computeIfAbsent(new Kind(operation, status), this::s3Timer)
        .record(nanos, TimeUnit.NANOSECONDS);
    s3In.increment((double) in);
    s3Out.increment((double) out);
  }

  private Timer s3Timer(Kind kind) {
    return Timer.builder("dassie.s3.requests")
        .description(
            "Requests of the S3 API by operation and status, with the time to the end of the reply")
        .tag("operation", kind.operation())
        .tag("status", Integer.toString(kind.status()))
        .register(registry);
  }

  void requested(String method, String route, int status, long nanos, long in, long out) {
    Timer.builder("dassie.http.requests")
        .description("Requests by route and status, with the time to the end of the reply")
        .tag("method", method)
        .tag("route", route)
        .tag("status", Integer.toString(status))
        .register(registry)
        .record(Duration.ofNanos(nanos));
    bytesIn.increment((double) in);
    bytesOut.increment((double) out);
  }

  /// All of it in Prometheus' text format.
  String scrape() {
    return registry.scrape();
  }

  @Override
  public void close() {
    collections.close();
    registry.close();
  }
}
