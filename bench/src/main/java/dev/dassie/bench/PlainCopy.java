package dev.dassie.bench;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/// The peer of P1, a program of its own: reads a file, hashes it, writes it to another, and syncs.
public final class PlainCopy {
  private static final int BUFFER = 1 << 20;

  private PlainCopy() {}

  public static void main(String[] paths) throws IOException, NoSuchAlgorithmException {
    MessageDigest hash = MessageDigest.getInstance("SHA-256");
    ByteBuffer buffer = ByteBuffer.allocateDirect(BUFFER);
    try (FileChannel from = FileChannel.open(Path.of(paths[0]), StandardOpenOption.READ);
        FileChannel to =
            FileChannel.open(
                Path.of(paths[1]), StandardOpenOption.CREATE_NEW, StandardOpenOption.WRITE)) {
      while (from.read(buffer) >= 0) {
        hash.update(buffer.flip());
        buffer.rewind();
        while (buffer.hasRemaining()) {
          to.write(buffer);
        }
        buffer.clear();
      }
      to.force(true);
    }
    System.out.println(HexFormat.of().formatHex(hash.digest()));
  }
}
