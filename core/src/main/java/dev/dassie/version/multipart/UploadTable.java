package dev.dassie.version.multipart;

import dev.dassie.content.Decoder;
import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Checksum;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import dev.dassie.version.BranchName;
import dev.dassie.version.CommitId;
import java.nio.charset.StandardCharsets;
import java.time.DateTimeException;
import java.time.Instant;
import java.util.Arrays;
import java.util.Base64;
import java.util.Optional;

/// The rows of uploads and their parts (docs/format.md, "Uploads"). The branch begins the name of
/// each, so that they go with it.
final class UploadTable {
  static final String UPLOAD = "multipart";
  static final String BY_KEY = "multipart_key";
  static final String PART = "multipart_part";
  static final String DONE = "multipart_done";
  static final byte[] NOTHING = {};

  /// Bytes of a path that uploads are sorted by.
  static final int HEAD = 400;

  private static final int VERSION = 1;
  private static final String SEPARATOR = "\u0001";
  private static final int ID = 32;

  private UploadTable() {}

  /// That an upload was completed: from which list, and how that was answered.
  record Done(Digest list, Outcome.Done answer, Instant at) {}

  static Metadata.Key upload(Upload.Name name) {
    return new Metadata.Key(UPLOAD, row(name));
  }

  static Metadata.Key done(Upload.Name name) {
    return new Metadata.Key(DONE, row(name));
  }

  static Metadata.Key part(Upload.Name name, int number) {
    return new Metadata.Key(PART, row(name) + "/" + number(number));
  }

  static Metadata.Key byKey(Upload upload) {
    return new Metadata.Key(
        BY_KEY, byKey(upload.branch(), upload.path().value()) + SEPARATOR + upload.id());
  }

  /// What the names begin with of the uploads whose path begins so.
  static String byKey(BranchName branch, String path) {
    return branch.key() + "/" + head(path);
  }

  /// What comes after all uploads whose names begin so, where `path` is as short as names hold.
  static String behind(BranchName branch, String path) {
    return byKey(branch, path) + SEPARATOR + "g";
  }

  static String at(BranchName branch, String path, String id) {
    return byKey(branch, path) + SEPARATOR + id;
  }

  /// `BRANCH/id`.
  static String row(Upload.Name name) {
    return name.branch().key() + "/" + name.id();
  }

  static Upload.Name name(String row) {
    int id = row.lastIndexOf('/');
    int branch = row.lastIndexOf('/', id - 1);
    return new Upload.Name(
        new BranchName(
            dev.dassie.version.RepoName.parse("", row.substring(0, branch)),
            row.substring(branch + 1, id)),
        row.substring(id + 1));
  }

  static String idOf(Row byKey) {
    return byKey.name().substring(byKey.name().length() - ID);
  }

  static String number(int number) {
    return "%05d".formatted(number);
  }

  /// Whether a text can be the id of an upload: nothing else may become part of a name of a row.
  static boolean isId(String text) {
    return text.length() == ID
        && text.chars().allMatch(c -> (c >= '0' && c <= '9') || (c >= 'a' && c <= 'f'));
  }

  /// The beginning of a path, whole characters.
  private static String head(String path) {
    byte[] utf8 = path.getBytes(StandardCharsets.UTF_8);
    if (utf8.length <= HEAD) {
      return path;
    }
    int end = HEAD;
    while ((utf8[end] & 0xc0) == 0x80) {
      end--;
    }
    return new String(Arrays.copyOf(utf8, end), StandardCharsets.UTF_8);
  }

  static byte[] encode(Upload upload) {
    Encoder out = new Encoder().u8(VERSION).string(upload.path().value());
    out.bytes(upload.attributes().encode(upload.path()));
    return time(out, upload.started()).string(upload.principal()).toBytes();
  }

  static Upload decode(Upload.Name name, byte[] bytes) {
    Decoder in = open("An upload", bytes);
    return new Upload(
        name.id(),
        name.branch(),
        new FilePath(in.string()),
        FileAttributes.decode(in.bytes()),
        time(in),
        in.string());
  }

  static byte[] encode(Part part) {
    Encoder out = new Encoder().u8(VERSION).string(part.etag());
    out.list(
        part.checksums(),
        (each, sum) -> each.u8(sum.algorithm().code()).varint(sum.parts()).bytes(sum.bytes()));
    Body.write(out, part.body());
    return time(out, part.stored()).toBytes();
  }

  static Part decodePart(Row row) {
    int number = Integer.parseInt(row.name().substring(row.name().lastIndexOf('/') + 1));
    Decoder in = open("A part", row.value());
    return new Part(number, in.string(), in.list(UploadTable::checksum), Body.read(in), time(in));
  }

  static byte[] encode(Done done) {
    CommitId commit = done.answer().commit();
    Encoder out = new Encoder().u8(VERSION).digest(done.list()).string(done.answer().etag());
    return time(out.string(commit.value()), done.at()).toBytes();
  }

  static Done decodeDone(byte[] bytes) {
    Decoder in = open("A completed upload", bytes);
    return new Done(
        in.digest(), new Outcome.Done(in.string(), new CommitId(in.string())), time(in));
  }

  static Optional<Upload> find(Metadata.Reader rows, Upload.Name name) {
    return isId(name.id())
        ? rows.get(upload(name)).map(bytes -> decode(name, bytes))
        : Optional.empty();
  }

  private static Checksum checksum(Decoder in) {
    Checksum.Algorithm algorithm = Checksum.Algorithm.of(in.u8());
    int parts = in.length(Part.MAX_NUMBER);
    return new Checksum(algorithm, Base64.getEncoder().encodeToString(in.bytes()), parts);
  }

  private static Decoder open(String object, byte[] bytes) {
    Decoder in = new Decoder(object, bytes);
    int version = in.u8();
    if (version != VERSION) {
      throw new Fault.Corrupt(object, "record version " + VERSION, "version " + version)
          .asException();
    }
    return in;
  }

  private static Encoder time(Encoder out, Instant at) {
    return out.fixed64(at.getEpochSecond()).varint(at.getNano());
  }

  private static Instant time(Decoder in) {
    long seconds = in.fixed64();
    try {
      return Instant.ofEpochSecond(seconds, in.length(999_999_999));
    } catch (DateTimeException e) {
      throw new DassieException(
          new Fault.Corrupt("A time", "seconds since 1970", Long.toString(seconds)), e);
    }
  }
}
