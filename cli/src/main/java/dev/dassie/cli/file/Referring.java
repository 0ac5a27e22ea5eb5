package dev.dassie.cli.file;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;

/// What `put file --by-reference` was told: where a file or folder lies.
///
/// @param location a URL
/// @param folder whether it is a folder
record Referring(String location, boolean folder) {
  /// `file:` URLs and paths are of the server's host; a path is looked up on this one.
  static Referring of(String typed, Path here, boolean recursive) {
    if (typed.startsWith("file:") || !typed.contains("://")) {
      if (typed.equals("-")) {
        throw Problem.invalid("The source is `-`, expected a file that `--by-reference` can name.")
            .asException();
      }
      Path path = typed.startsWith("file:") ? local(typed) : here.resolve(typed).normalize();
      if (Files.isDirectory(path) && !recursive) {
        throw Problem.of(
                Problem.INVALID,
                "`%s` is a directory, expected a file.".formatted(path),
                Optional.of("`-r` puts what is below a directory."))
            .asException();
      }
      String uri = path.toUri().toString();
      return new Referring(
          uri.endsWith("/") ? uri.substring(0, uri.length() - 1) : uri,
          recursive && !Files.isRegularFile(path));
    }
    return new Referring(typed, recursive);
  }

  private static Path local(String typed) {
    try {
      return Path.of(URI.create(typed));
    } catch (IllegalArgumentException e) {
      throw Problem.invalid(
              "The source is `%s`, expected a URL such as `file:///data/a.csv`.".formatted(typed))
          .asException();
    }
  }

  String name() {
    String plain = location.endsWith("/") ? location.substring(0, location.length() - 1) : location;
    return location.startsWith("file:")
        ? Path.of(URI.create(plain)).getFileName().toString()
        : plain.substring(plain.lastIndexOf('/') + 1);
  }

  Request on(Request post, String path) {
    return post.json(
        Json.object().put("path", path).put("location", location).put("recursive", folder));
  }
}
