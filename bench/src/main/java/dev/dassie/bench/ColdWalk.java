package dev.dassie.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.stream.Stream;

/// The peer of P2 and P8, a program of its own, cold: walks a tree, reads every file and hashes it.
public final class ColdWalk {
  private ColdWalk() {}

  public static void main(String[] paths) throws IOException, NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    long files = 0;
    byte last = 0;
    try (Stream<Path> all = Files.walk(Path.of(paths[0]))) {
      for (Path path : (Iterable<Path>) all::iterator) {
        if (Files.isRegularFile(path)) {
          last ^= hash.digest(Files.readAllBytes(path))[0];
          files++;
        }
      }
    }
    System.out.println(files + " files, " + last);
  }
}
