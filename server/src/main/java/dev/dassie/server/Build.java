package dev.dassie.server;

import dev.dassie.server.http.About;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/// Which Dassie this is.
final class Build {
  static final About CURRENT = new About(readVersion(), readId(), Home.FORMAT);

  private Build() {}

  private static String readVersion() {
    try (@Nullable InputStream text = Build.class.getResourceAsStream("build.properties")) {
      Properties properties = new Properties();
      if (text != null) {
        properties.load(text);
      }
      return properties.getProperty("version", "unknown");
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /// The package keeps the id beside the folder of its jars.
  private static String readId() {
    try {
      Path jar = Path.of(Build.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      Path id = jar.resolveSibling("../build-id").normalize();
      return Files.isRegularFile(jar) && Files.isRegularFile(id)
          ? Files.readString(id).strip()
          : "unpackaged";
    } catch (IOException | URISyntaxException e) {
      return "unpackaged";
    }
  }
}
