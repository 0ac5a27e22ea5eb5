package dev.dassie.executor.container;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.pipeline.Transform;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// Images by the names that specs use, resolved to what they mean now. Thread-safe.
final class Images {
  private static final Duration FETCH = Duration.ofMinutes(60);

  /// With `always`, no image is asked for twice within this time.
  private static final Duration FRESH = Duration.ofSeconds(10);

  private static final int REMEMBERED = 256;

  private final EngineAccess access;
  private final ContainerSettings settings;
  private final Logins logins;
  private final Map<String, Image> byDigest = new LinkedHashMap<>(16, 0.75f, true);
  private final Map<String, Long> fetched = new HashMap<>();

  Images(EngineAccess access, ContainerSettings settings, Logins logins) {
    this.access = access;
    this.settings = settings;
    this.logins = logins;
  }

  /// What the code names.
  ///
  /// @throws DassieException `Invalid` where it names none, or not well
  Reference name(Transform transform) {
    Optional<String> text = transform.image().or(settings::image);
    return Reference.parse(
        text.orElseThrow(() ->
            new Fault.Invalid(
                    "`transform.image`",
                    "",
                    "the image that the code runs in, or `image` in the configuration of the server")
                .asException()));
  }

  /// The image as it is now; fetched where the rule says so.
  ///
  /// @throws DassieException `Unavailable` where the engine is away, `Failed` where there is no
  ///   such image
  Image resolve(Reference name) throws InterruptedException {
    try {
      Image image = access.now(engine -> resolve(name, engine));
      return remember(image);
    } catch (EngineAbsentException e) {
      throw access.unavailable(e);
    } catch (IOException e) {
      throw failed(
          "The image `%s` cannot be looked at: %s.".formatted(name.text(), said(e)), "", e);
    }
  }

  private synchronized Image remember(Image image) {
    byDigest.put(image.digest(), image);
    if (byDigest.size() > REMEMBERED) {
      byDigest.remove(byDigest.keySet().iterator().next());
    }
    return image;
  }

  private Image resolve(Reference name, Engine engine) throws IOException, InterruptedException {
    Optional<Image> found = Optional.empty();
    if (settings.pull() != ContainerSettings.Pull.ALWAYS || isFresh(name)) {
      found = engine.image(name);
    }
    if (found.isEmpty() && settings.pull() == ContainerSettings.Pull.NEVER) {
      throw failed(
          "The engine has no image `%s`.".formatted(name.text()),
          "`image_pull` is `never`: fetch or build it by hand.",
          null);
    }
    if (found.isEmpty()) {
      fetch(name, engine);
      found = engine.image(name);
    }
    Image image =
        found.orElseThrow(
            () -> failed("The engine has no image `%s`.".formatted(name.text()), "", null));
    check(name, image, engine.facts().architecture());
    return image;
  }

  private void fetch(Reference name, Engine engine) throws IOException, InterruptedException {
    try {
      engine.pull(name, logins.of(name), FETCH);
    } catch (EngineException e) {
      throw failed(
          "The image `%s` cannot be fetched: %s.".formatted(name.text(), said(e)),
          "Is the name right, and does the registry want a login (`registry_logins`)?",
          e);
    }
    synchronized (this) {
      fetched.put(name.text(), System.nanoTime());
      if (fetched.size() > REMEMBERED) {
        fetched.clear();
      }
    }
  }

  private synchronized boolean isFresh(Reference name) {
    Long at = fetched.get(name.text());
    return at != null && System.nanoTime() - at < FRESH.toNanos();
  }

  private static void check(Reference name, Image image, String here) {
    String there = image.architecture();
    if (!there.isEmpty() && !here.isEmpty() && !there.equals(here)) {
      throw failed(
          "The image `%s` is made for `%s`, and the engine runs `%s`."
              .formatted(name.text(), image.platform(), here),
          "Name an image that is made for `%s` too.".formatted(here),
          null);
    }
  }

  /// The image that was resolved before, also by another run of the server.
  Image resolved(Reference name, String digest) throws InterruptedException {
    synchronized (this) {
      Image known = byDigest.get(digest);
      if (known != null) {
        return known;
      }
    }
    try {
      Image image = access.patiently(engine -> again(name, digest, engine));
      return remember(image);
    } catch (IOException e) {
      throw failed(
          "The image `%s` with the digest `%s` is not there any more: %s."
              .formatted(name.text(), digest, said(e)),
          "",
          e);
    }
  }

  private Image again(Reference name, String digest, Engine engine)
      throws IOException, InterruptedException {
    Reference exact = name.at(digest);
    Optional<Image> found = engine.image(exact);
    if (found.isEmpty()) {
      found = engine.image(digest, name);
    }
    if (found.isEmpty() && settings.pull() != ContainerSettings.Pull.NEVER) {
      fetch(exact, engine);
      found = engine.image(exact);
    }
    if (found.isEmpty()) {
      throw new EngineException(404, "no such image");
    }
    check(name, found.get(), engine.facts().architecture());
    return found.get();
  }

  private static String said(IOException e) {
    return String.valueOf(e.getMessage()).replaceFirst("\\.+$", "");
  }

  private static DassieException failed(
      String sentence, String hint, @org.jspecify.annotations.Nullable Throwable cause) {
    Fault fault = new Fault.Failed(sentence, hint.isEmpty() ? Optional.empty() : Optional.of(hint));
    return cause == null ? fault.asException() : new DassieException(fault, cause);
  }
}
