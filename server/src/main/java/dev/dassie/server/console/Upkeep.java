package dev.dassie.server.console;

import dev.dassie.content.Pace;
import dev.dassie.fault.DassieException;
import dev.dassie.retention.Finding;
import dev.dassie.retention.FsckReport;
import dev.dassie.retention.GcReport;
import dev.dassie.retention.Retention;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Supplier;

/// Checks of the store and looks for garbage that somebody started on a page: each runs on a thread
/// of its own, and its report stays until the next of its kind begins. Thread-safe.
public final class Upkeep {
  private static final int FINDINGS = 100;

  private final Retention retention;
  private Optional<Check> check = Optional.empty();
  private Optional<Look> look = Optional.empty();

  Upkeep(Retention retention) {
    this.retention = retention;
  }

  /// A check.
  ///
  /// @param findings the first of them
  /// @param found how many there are so far
  /// @param report once it has ended well
  /// @param refused why it ended otherwise
  public record Check(
      Instant started,
      Optional<Instant> ended,
      List<Finding> findings,
      long found,
      Optional<FsckReport> report,
      Optional<String> refused) {
    public Check {
      findings = List.copyOf(findings);
    }
  }

  /// A look at what nothing holds.
  public record Look(
      Instant started,
      Optional<Instant> ended,
      Optional<GcReport> report,
      Optional<String> refused) {}

  synchronized Optional<Check> check() {
    return check;
  }

  synchronized Optional<Look> look() {
    return look;
  }

  /// Whether one of them runs.
  synchronized boolean busy() {
    return check.filter(one -> one.ended().isEmpty()).isPresent()
        || look.filter(one -> one.ended().isEmpty()).isPresent();
  }

  /// Begins a check, unless something runs already.
  synchronized void startCheck() {
    if (busy()) {
      return;
    }
    Instant now = Instant.now();
    check =
        Optional.of(
            new Check(now, Optional.empty(), List.of(), 0, Optional.empty(), Optional.empty()));
    Thread _ = Thread.ofVirtual().name("console-check").start(() -> runCheck(now));
  }

  private void runCheck(Instant started) {
    List<Finding> findings = new ArrayList<>();
    long[] found = new long[1];
    Result<FsckReport> result =
        tried(() ->
            retention.fsck(
                new FsckReport.Listener() {
                  @Override
                  public void found(Finding finding) {
                    found[0]++;
                    if (findings.size() < FINDINGS) {
                      findings.add(finding);
                      said(started, Optional.empty(), findings, found[0], Result.none());
                    }
                  }

                  @Override
                  public void alive() {
                    said(started, Optional.empty(), findings, found[0], Result.none());
                  }
                }));
    said(started, Optional.of(Instant.now()), findings, found[0], result);
  }

  private synchronized void said(
      Instant started,
      Optional<Instant> ended,
      List<Finding> findings,
      long found,
      Result<FsckReport> result) {
    check = Optional.of(new Check(started, ended, findings, found, result.value(), result.why()));
  }

  /// Begins to look for what could be freed, unless something runs already. Frees nothing.
  synchronized void startLook() {
    if (busy()) {
      return;
    }
    Instant now = Instant.now();
    look = Optional.of(new Look(now, Optional.empty(), Optional.empty(), Optional.empty()));
    Thread _ = Thread.ofVirtual().name("console-garbage").start(() -> runLook(now));
  }

  private void runLook(Instant started) {
    Result<GcReport> result =
        tried(() -> retention.gc(Retention.GRACE, true, new Pace(Pace.UNBOUNDED)));
    synchronized (this) {
      look =
          Optional.of(new Look(started, Optional.of(Instant.now()), result.value(), result.why()));
    }
  }

  private record Result<T>(Optional<T> value, Optional<String> why) {
    static <T> Result<T> none() {
      return new Result<>(Optional.empty(), Optional.empty());
    }
  }

  private static <T> Result<T> tried(Supplier<T> work) {
    try {
      return new Result<>(Optional.of(work.get()), Optional.empty());
    } catch (DassieException e) {
      return new Result<>(Optional.empty(), Optional.of(e.fault().message()));
    } catch (RuntimeException e) {
      System.getLogger("dassie.console").log(System.Logger.Level.ERROR, "bug in upkeep", e);
      return new Result<>(
          Optional.empty(), Optional.of("It broke off; the log of the server says where."));
    }
  }
}
