package dev.dassie.store.s3;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import java.io.IOException;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.Semaphore;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import software.amazon.awssdk.awscore.exception.AwsServiceException;

/// Makes requests: so many at once, each again where that may help, after a pause of random length.
///
/// A try runs on a virtual thread of its own. Where no byte has moved for a while it is
/// interrupted, which closes its socket, whatever it waits for: connecting, sending or receiving.
/// Thread-safe.
final class Calls {
  private static final Duration LOOK = Duration.ofMillis(250);

  private final String store;
  private final S3Limits limits;
  private final Renewing credentials;
  private final Semaphore permits;

  Calls(String store, S3Limits limits, Renewing credentials) {
    this.store = store;
    this.limits = limits;
    this.credentials = credentials;
    permits = new Semaphore(limits.requests(), true);
  }

  /// One try. It tells `progress` of each piece that it moves.
  interface Try<T> {
    T run(Progress progress) throws Exception;
  }

  /// When a byte last moved.
  static final class Progress {
    private volatile long last = System.nanoTime();

    void moved() {
      last = System.nanoTime();
    }

    private boolean quietFor(Duration time) {
      return System.nanoTime() - last > time.toNanos();
    }
  }

  /// Tries until one try succeeds, or fails in a way that another would too.
  ///
  /// @throws AwsServiceException an answer that the caller may know what to do about: an object
  ///   that is missing (404) or there already (412), a range that is not (416), what the store
  ///   cannot do (501)
  /// @throws DassieException `Unavailable` or `Full` for all others
  <T> T call(Try<T> request) {
    long end = System.nanoTime() + limits.patience().toNanos();
    long pause = limits.firstPause().toMillis();
    for (int tries = 1; ; tries++) {
      Throwable failure;
      try {
        return attempt(request);
      } catch (ExecutionException e) {
        failure = Objects.requireNonNullElse(e.getCause(), e);
      } catch (IOException e) {
        failure = e;
      }
      if (failure instanceof DassieException refusal) {
        throw refusal;
      }
      if (failure instanceof AwsServiceException answer && concernsCaller(answer)) {
        throw answer;
      }
      boolean again = tries < limits.tries() && System.nanoTime() < end;
      if (!Answers.isPassing(failure) || !again) {
        throw given(failure, tries);
      }
      if (Answers.mayBeExpired(failure)) {
        credentials.renew();
      }
      rest(1 + ThreadLocalRandom.current().nextLong(pause));
      pause = Math.min(2 * pause, limits.longestPause().toMillis());
    }
  }

  private static boolean concernsCaller(AwsServiceException answer) {
    return Answers.isMissing(answer)
        || Answers.isTaken(answer)
        || answer.statusCode() == 416
        || answer.statusCode() == 501;
  }

  private RuntimeException given(Throwable failure, int tries) {
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure instanceof IOException
        || failure instanceof software.amazon.awssdk.core.exception.SdkException) {
      return new DassieException(Answers.fault(store, failure, tries), failure);
    }
    return failure instanceof RuntimeException bug ? bug : new IllegalStateException(failure);
  }

  private <T> T attempt(Try<T> request) throws ExecutionException, IOException {
    Progress progress = new Progress();
    FutureTask<T> task = new FutureTask<>(() -> request.run(progress));
    try {
      if (!permits.tryAcquire(limits.patience().toMillis(), TimeUnit.MILLISECONDS)) {
        throw new Fault.Unavailable("The object store `" + store + "`", "too many requests wait")
            .asException();
      }
      try {
        progress.moved();
        Thread.ofVirtual().name("s3").start(task);
        return await(task, progress);
      } finally {
        task.cancel(true);
        permits.release();
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private <T> T await(FutureTask<T> task, Progress progress)
      throws ExecutionException, IOException, InterruptedException {
    while (true) {
      try {
        return task.get(
            Math.min(LOOK.toMillis(), limits.stall().toMillis()), TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        if (progress.quietFor(limits.stall())) {
          throw new IOException(
              "nothing moved for " + limits.stall().toMillis() / 1000.0 + " s", e);
        }
      }
    }
  }

  private void rest(long millis) {
    try {
      Thread.sleep(millis);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw interrupted();
    }
  }

  private RuntimeException interrupted() {
    return new Fault.Unavailable("The object store `" + store + "`", "the caller was interrupted")
        .asException();
  }
}
