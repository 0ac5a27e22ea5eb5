package dev.dassie.cli.question;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;

/// A command as it was typed in a folder.
record Words(List<String> words, Path folder) {
  Words {
    words = List.copyOf(words);
  }

  /// What is started: a program that is named by a path stays the one of the folder.
  List<String> argv() {
    List<String> argv = new ArrayList<>(words);
    if (argv.getFirst().contains("/")) {
      argv.set(0, folder.resolve(argv.getFirst()).normalize().toString());
    }
    return argv;
  }

  /// SHA-256 over the words, and over the files of the folder that they name: the same digest means
  /// the same command. 64 hex digits.
  String digest() throws IOException {
    MessageDigest whole = sha256();
    for (String word : words) {
      byte[] bytes = word.getBytes(StandardCharsets.UTF_8);
      whole.update(bytes);
      whole.update((byte) 0);
      Optional<Path> file = file(word);
      if (file.isPresent()) {
        whole.update(content(file.get()));
      }
    }
    return HexFormat.of().formatHex(whole.digest());
  }

  private Optional<Path> file(String word) {
    try {
      return Optional.of(folder.resolve(word)).filter(Files::isRegularFile);
    } catch (InvalidPathException e) {
      return Optional.empty();
    }
  }

  private static byte[] content(Path file) throws IOException {
    try (DigestInputStream in = new DigestInputStream(Files.newInputStream(file), sha256())) {
      long _ = in.transferTo(java.io.OutputStream.nullOutputStream());
      return in.getMessageDigest().digest();
    }
  }

  private static MessageDigest sha256() {
    try {
      return MessageDigest.getInstance("SHA-256");
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }
}
