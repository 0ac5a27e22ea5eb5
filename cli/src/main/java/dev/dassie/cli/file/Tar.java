package dev.dassie.cli.file;

import dev.dassie.api.Problem;
import dev.dassie.api.Upload;
import java.io.EOFException;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Optional;
import java.util.OptionalLong;
import org.apache.commons.compress.archivers.tar.TarArchiveEntry;
import org.apache.commons.compress.archivers.tar.TarArchiveOutputStream;

/// Local files as one tar stream (POSIX with PAX headers for long names), made while it is sent.
public final class Tar {
  private static final int FILE_MODE = 0100644;
  private static final int PROGRAM_MODE = 0100755;

  /// The record of PAX by which the server knows a path that goes away.
  private static final String DELETE = "DASSIE.delete";

  private static final int BUFFER = 1 << 16;

  /// One file of the stream.
  ///
  /// @param name path within the archive, without a leading slash
  /// @param size in bytes, as it was when the file was listed
  /// @param deleted whether it stands for a path that goes away, and not for a file
  public record Member(String name, Path file, long size, boolean executable, boolean deleted) {
    public Member(String name, Path file, long size, boolean executable) {
      this(name, file, size, executable, false);
    }

    /// A path that goes away.
    static Member deletion(String name) {
      return new Member(name, Path.of(""), 0, false, true);
    }
  }

  /// Lists members, anew with each call.
  @FunctionalInterface
  public interface Members {
    void each(Receiver receiver) throws IOException;
  }

  /// Takes one member after another.
  @FunctionalInterface
  public interface Receiver {
    void accept(Member member) throws IOException;
  }

  private Tar() {}

  /// The members as a body. It can be sent again: the files are listed and read anew.
  public static Upload upload(String description, Members members) {
    return new Upload(
        "application/x-tar",
        OptionalLong.empty(),
        true,
        Optional.of(description),
        () -> BlockPipe.of(to -> write(members, to)));
  }

  private static void write(Members members, OutputStream to) throws IOException {
    byte[] buffer = new byte[BUFFER];
    PlainHeader header = new PlainHeader();
    try (TarArchiveOutputStream tar =
        new TarArchiveOutputStream(to, 512, StandardCharsets.UTF_8.name())) {
      tar.setLongFileMode(TarArchiveOutputStream.LONGFILE_POSIX);
      tar.setBigNumberMode(TarArchiveOutputStream.BIGNUMBER_POSIX);
      tar.setAddPaxHeadersForNonAsciiNames(true);
      // Between two entries the library holds nothing back, so plain ones may pass it by.
      members.each(member -> {
        if (!member.deleted() && PlainHeader.fits(member.name(), member.size())) {
          header.write(member.name(), member.size(), mode(member), to);
          bytes(member, to, buffer);
          PlainHeader.pad(member.size(), to);
        } else {
          add(member, tar, buffer);
        }
      });
    }
  }

  private static int mode(Member member) {
    return member.executable() ? PROGRAM_MODE : FILE_MODE;
  }

  private static void add(Member member, TarArchiveOutputStream tar, byte[] buffer)
      throws IOException {
    TarArchiveEntry entry = new TarArchiveEntry(member.name(), true);
    entry.setSize(member.size());
    entry.setMode(mode(member));
    entry.setModTime(0);
    if (member.deleted()) {
      entry.addPaxHeader(DELETE, "1");
      tar.putArchiveEntry(entry);
      tar.closeArchiveEntry();
      return;
    }
    tar.putArchiveEntry(entry);
    bytes(member, tar, buffer);
    tar.closeArchiveEntry();
  }

  private static void bytes(Member member, OutputStream to, byte[] buffer) throws IOException {
    try (InputStream bytes = new FileInputStream(member.file().toFile())) {
      copy(bytes, member, to, buffer);
    } catch (EOFException e) {
      throw Problem.of(
              Problem.FAILED,
              "`%s` became shorter while it was read; nothing was put.".formatted(member.file()),
              Optional.empty())
          .asException();
    }
  }

  /// Exactly the size that the header says: what is appended meanwhile is not part of the file.
  private static void copy(InputStream from, Member member, OutputStream to, byte[] buffer)
      throws IOException {
    long left = member.size();
    while (left > 0) {
      int read = from.read(buffer, 0, (int) Math.min(left, buffer.length));
      if (read < 0) {
        throw new EOFException();
      }
      to.write(buffer, 0, read);
      left -= read;
    }
  }
}
