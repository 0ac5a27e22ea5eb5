package dev.dassie.version.multipart;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import dev.dassie.version.Alarms;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.FileWriter;
import dev.dassie.version.IdSource;
import dev.dassie.version.Precondition;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import java.io.InputStream;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.BiFunction;
import java.util.function.Consumer;
import java.util.function.Supplier;

/// Files that come in parts. What is acknowledged is durable, and outlives the server; the bytes of
/// a part are stored once, when they come. Parts are kept from collections of garbage until the
/// upload is complete, aborted or expired, or its branch or repo is deleted. Thread-safe.
public final class Multiparts {
  /// The kind of alarm of uploads; named by branch and id.
  public static final String ALARM = "multipart";

  /// Uploads are dropped this long after they were started, where nothing else is said.
  public static final Duration EXPIRY = Duration.ofDays(7);

  /// A repeated completion is answered for this long.
  static final Duration REMEMBERED = Duration.ofDays(1);

  private static final int BATCH = 500;

  private final Versions versions;
  private final IdSource ids;
  private final Duration expiry;
  private final UploadCount count;
  private final Completion completion;

  /// @param writers opens the writer of the completed file
  public Multiparts(
      Versions versions,
      IdSource ids,
      BiFunction<Call, BranchName, FileWriter> writers,
      UploadLimits limits) {
    this.versions = versions;
    this.ids = ids;
    this.expiry = limits.expiry();
    this.count = new UploadCount(limits.most());
    this.completion = new Completion(versions, writers);
  }

  /// Starts an upload to a path of a branch. Refused where the caller may not write, attributes
  /// that are too long, and more open uploads than there may be.
  public Upload create(Call call, BranchName branch, FilePath path, FileAttributes attributes) {
    if (path.isRoot()) {
      throw new Fault.Invalid("The path", "/", "a file's path, not the root").asException();
    }
    completion.refuseUnwritable(call, branch);
    Upload upload =
        new Upload(
            ids.next().value(),
            branch,
            path,
            attributes,
            versions.clock().instant(),
            call.principal());
    byte[] row = UploadTable.encode(upload);
    return versions
        .metadata()
        .write(rows -> {
          count.checkRoom(rows, branch);
          rows.put(UploadTable.upload(upload.name()), row);
          rows.put(UploadTable.byKey(upload), UploadTable.NOTHING);
          ringAt(rows, upload.name(), Optional.of(upload.started().plus(expiry)));
          return upload;
        });
  }

  /// The upload, or `Fault.NotFound`.
  public Upload inspect(Upload.Name name) {
    return versions.metadata().read(rows -> need(rows, name));
  }

  /// Stores the bytes up to the end of the stream as a part, in place of one of that number. Then
  /// asks for what whoever read them knows of them; what that throws refuses the part. An upload
  /// that is not there, or ends meanwhile: `Fault.NotFound`.
  public Part put(Upload.Name name, int number, InputStream bytes, Supplier<Part.Facts> facts) {
    checkNumber(number);
    Upload _ = inspect(name);
    try (ChunkStore.Session session = versions.chunks().session()) {
      Body body = new Filesets(session).write(bytes, session);
      Part.Facts known = facts.get();
      return land(session, name, new Part(number, known.etag(), known.checksums(), body, now()));
    }
  }

  /// Makes a part of a range of a file that is there, by reference. Its tag is the beginning of its
  /// content hash, not an MD5: the bytes are not read. A range beyond the end: `Fault.Invalid`.
  public Part copy(
      Upload.Name name, int number, ReadView view, FilePath source, long offset, long length) {
    checkNumber(number);
    Upload _ = inspect(name);
    Optional<Entry> found = view.reader().find(view.files(), source);
    if (!(found.orElse(null) instanceof Entry.File file)) {
      throw new Fault.NotFound("file", source.toString(), Optional.empty()).asException();
    }
    try (ChunkStore.Session session = versions.chunks().session()) {
      Filesets.Piece range = new Filesets.Piece(view.taken(file, session), offset, length);
      Body body = new Filesets(session).join(List.of(range), session);
      String etag = body.hash().digest().toString().substring(0, 32);
      return land(session, name, new Part(number, etag, List.of(), body, now()));
    }
  }

  private Part land(ChunkStore.Session session, Upload.Name name, Part part) {
    session.publish();
    byte[] row = UploadTable.encode(part);
    return versions
        .metadata()
        .write(rows -> {
          Upload _ = need(rows, name);
          rows.put(UploadTable.part(name, part.number()), row);
          return part;
        });
  }

  /// The parts after a number, at most so many, by number.
  public List<Part> parts(Upload.Name name, int after, int limit) {
    return versions
        .metadata()
        .read(rows -> {
          Upload _ = need(rows, name);
          return parts(rows, name, after, limit);
        });
  }

  static List<Part> parts(Metadata.Reader rows, Upload.Name name, int after, int limit) {
    String prefix = UploadTable.row(name) + "/";
    String from = after <= 0 ? "" : prefix + UploadTable.number(Math.min(after, 99_999));
    return rows.scan(UploadTable.PART, prefix, from, limit).stream()
        .map(UploadTable::decodePart)
        .toList();
  }

  /// Some uploads of a branch whose paths begin with `prefix`, at most `limit`, in the order of
  /// their paths (of the first 400 bytes of them, then of their ids): those after the path
  /// `afterPath` and, among those of that path, after the id `afterId`; without an id those of
  /// other paths. An empty path begins at the beginning.
  public List<Upload> list(
      BranchName branch, String prefix, String afterPath, String afterId, int limit) {
    return versions
        .metadata()
        .read(rows -> {
          List<Upload> found = new ArrayList<>();
          String begin = UploadTable.byKey(branch, prefix);
          String after = start(branch, afterPath, afterId);
          while (found.size() < limit) {
            List<Row> batch = rows.scan(UploadTable.BY_KEY, begin, after, BATCH);
            for (Row row : batch) {
              Upload.Name name = new Upload.Name(branch, UploadTable.idOf(row));
              Optional<Upload> upload = UploadTable.find(rows, name);
              upload
                  .filter(one -> found.size() < limit)
                  .filter(one -> one.path().value().startsWith(prefix))
                  .filter(one -> !afterId.isEmpty() || !one.path().value().equals(afterPath))
                  .ifPresent(found::add);
            }
            if (batch.size() < BATCH) {
              break;
            }
            after = batch.getLast().name();
          }
          return List.copyOf(found);
        });
  }

  private static String start(BranchName branch, String path, String id) {
    if (path.isEmpty()) {
      return "";
    }
    return id.isEmpty() ? UploadTable.behind(branch, path) : UploadTable.at(branch, path, id);
  }

  /// Whether an upload to the branch is not complete.
  public static boolean anyOpen(Metadata.Reader rows, BranchName branch) {
    return !rows.scan(UploadTable.UPLOAD, branch.key() + "/", "", 1).isEmpty();
  }

  /// Makes the parts of a list one file, by reference, and ends the upload, in one transaction.
  /// Costs as much as the list and the chunks at the seams. A repeat with the same list, within a
  /// day, changes nothing and answers as the first time.
  ///
  /// @param chosen number and tag of each part, in order
  /// @param preconditions what must hold when the file becomes visible: else
  ///   `Fault.PreconditionFailed`, and the upload stays
  /// @param describe adds to the attributes that the file will have what it knows of the parts
  public Outcome complete(
      Call call,
      Upload.Name name,
      List<Chosen> chosen,
      List<Precondition> preconditions,
      BiFunction<FileAttributes, List<Part>, FileAttributes> describe) {
    return completion.run(call, name, chosen, preconditions, describe);
  }

  /// A part as a client lists it.
  public record Chosen(int number, String etag) {}

  /// Ends an upload; its parts are let go. One that is not there: `Fault.NotFound`.
  public void abort(Upload.Name name) {
    boolean _ =
        versions
            .metadata()
            .write(rows -> {
              end(rows, need(rows, name));
              ringAt(rows, name, Optional.empty());
              return true;
            });
  }

  /// Deletes the rows of an upload.
  static void end(Metadata.Writer rows, Upload upload) {
    Upload.Name name = upload.name();
    rows.delete(UploadTable.upload(name));
    rows.delete(UploadTable.byKey(upload));
    List<Row> batch;
    do {
      batch = rows.scan(UploadTable.PART, UploadTable.row(name) + "/", "", BATCH);
      batch.forEach(row -> rows.delete(new Metadata.Key(UploadTable.PART, row.name())));
    } while (batch.size() == BATCH);
  }

  /// Drops what is too old.
  public void ring(Alarms.Alarm alarm) {
    Upload.Name name = UploadTable.name(alarm.name());
    Instant now = now();
    boolean _ =
        versions
            .metadata()
            .write(rows -> {
              Optional<Upload> upload = UploadTable.find(rows, name);
              Optional<Instant> end = upload.map(one -> one.started().plus(expiry));
              if (upload.isPresent() && !now.isBefore(end.orElseThrow())) {
                end(rows, upload.get());
                end = Optional.empty();
              }
              Optional<Instant> kept =
                  rows.get(UploadTable.done(name))
                      .map(bytes -> UploadTable.decodeDone(bytes).at().plus(REMEMBERED));
              if (kept.filter(until -> !now.isBefore(until)).isPresent()) {
                rows.delete(UploadTable.done(name));
                kept = Optional.empty();
              }
              ringAt(rows, name, end.isPresent() ? end : kept);
              return true;
            });
  }

  /// The bodies of all parts that are kept.
  public void held(Consumer<Body> action) {
    String after = "";
    while (true) {
      String from = after;
      List<Row> batch =
          versions.metadata().read(rows -> rows.scan(UploadTable.PART, "", from, BATCH));
      batch.forEach(row -> action.accept(UploadTable.decodePart(row).body()));
      if (batch.size() < BATCH) {
        return;
      }
      after = batch.getLast().name();
    }
  }

  static void ringAt(Metadata.Writer rows, Upload.Name name, Optional<Instant> at) {
    Alarms.set(rows, ALARM, UploadTable.row(name), at);
  }

  static Upload need(Metadata.Reader rows, Upload.Name name) {
    return UploadTable.find(rows, name).orElseThrow(() -> missing(name).asException());
  }

  static Fault missing(Upload.Name name) {
    String shown = name.id().length() > 100 ? name.id().substring(0, 100) + "…" : name.id();
    return new Fault.NotFound(
        "upload", shown, Optional.of("It may have been completed, aborted or expired."));
  }

  private static void checkNumber(int number) {
    if (number < 1 || number > Part.MAX_NUMBER) {
      throw new Fault.Invalid("The part number", Integer.toString(number), "1 to 10000")
          .asException();
    }
  }

  private Instant now() {
    return versions.clock().instant();
  }
}
