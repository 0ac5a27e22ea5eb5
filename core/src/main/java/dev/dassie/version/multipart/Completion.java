package dev.dassie.version.multipart;

import dev.dassie.content.Digest;
import dev.dassie.content.Encoder;
import dev.dassie.fault.DassieException;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.Filesets;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Precondition;
import dev.dassie.version.Versions;
import dev.dassie.version.multipart.Multiparts.Chosen;
import dev.dassie.version.multipart.Outcome.Reason;
import dev.dassie.version.multipart.Outcome.Refused;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.BiFunction;

/// Makes uploads files. Of those who want to complete one upload at a time, one does it, and the
/// others then see what it did. Thread-safe.
final class Completion {
  private static final int LOCKS = 64;

  /// With more runs of sizes the file keeps none.
  private static final int MAX_RUNS = 300;

  private static final int BATCH = 500;

  private final Versions versions;
  private final BiFunction<Call, BranchName, FileWriter> writers;
  private final List<ReentrantLock> locks = new ArrayList<>();

  Completion(Versions versions, BiFunction<Call, BranchName, FileWriter> writers) {
    this.versions = versions;
    this.writers = writers;
    for (int i = 0; i < LOCKS; i++) {
      locks.add(new ReentrantLock());
    }
  }

  /// Refuses a branch that the caller may not write to.
  void refuseUnwritable(Call call, BranchName branch) {
    writers.apply(call, branch).close();
  }

  Outcome run(
      Call call,
      Upload.Name name,
      List<Chosen> chosen,
      List<Precondition> preconditions,
      BiFunction<FileAttributes, List<Part>, FileAttributes> describe) {
    ReentrantLock lock = locks.get(Math.floorMod(name.hashCode(), LOCKS));
    lock.lock();
    try {
      Optional<Upload> upload = versions.metadata().read(rows -> UploadTable.find(rows, name));
      if (upload.isEmpty()) {
        return repeated(name, chosen);
      }
      Map<Integer, Part> there = parts(name);
      Optional<Refused> refusal = check(chosen, there);
      if (refusal.isPresent()) {
        return refusal.get();
      }
      List<Part> parts = chosen.stream().map(one -> there.get(one.number())).toList();
      return land(call, upload.get(), chosen, parts, preconditions, describe);
    } finally {
      lock.unlock();
    }
  }

  private Outcome repeated(Upload.Name name, List<Chosen> chosen) {
    Optional<UploadTable.Done> done =
        UploadTable.isId(name.id())
            ? versions
                .metadata()
                .read(rows -> rows.get(UploadTable.done(name)))
                .map(UploadTable::decodeDone)
            : Optional.empty();
    return done.filter(one -> one.list().equals(digest(chosen)))
        .<Outcome>map(UploadTable.Done::answer)
        .orElseGet(() -> new Refused(Reason.NO_UPLOAD, 0, Multiparts.missing(name).message()));
  }

  private Map<Integer, Part> parts(Upload.Name name) {
    Map<Integer, Part> parts = new TreeMap<>();
    int after = 0;
    while (true) {
      int from = after;
      List<Part> batch =
          versions.metadata().read(rows -> Multiparts.parts(rows, name, from, BATCH));
      batch.forEach(part -> parts.put(part.number(), part));
      if (batch.size() < BATCH) {
        return parts;
      }
      after = batch.getLast().number();
    }
  }

  private static Optional<Refused> check(List<Chosen> chosen, Map<Integer, Part> there) {
    if (chosen.isEmpty() || chosen.size() > Part.MAX_NUMBER) {
      String sentence = "The list has %d parts, expected 1 to 10000.".formatted(chosen.size());
      return Optional.of(new Refused(Reason.BAD_LIST, 0, sentence));
    }
    int before = 0;
    for (Chosen one : chosen) {
      if (one.number() <= before) {
        return Optional.of(
            new Refused(
                Reason.BAD_ORDER,
                one.number(),
                "The part `%d` comes after the part `%d`, expected ascending numbers."
                    .formatted(one.number(), before)));
      }
      before = one.number();
    }
    return chosen.stream()
        .flatMap(one ->
            check(one, Optional.ofNullable(there.get(one.number())), one.equals(chosen.getLast()))
                .stream())
        .findFirst();
  }

  private static Optional<Refused> check(Chosen one, Optional<Part> found, boolean last) {
    if (found.isEmpty() || !found.get().etag().equals(one.etag())) {
      String why = found.isEmpty() ? "is not there" : "has another entity tag than the list says";
      return Optional.of(
          new Refused(
              Reason.NO_PART, one.number(), "The part `%d` %s.".formatted(one.number(), why)));
    }
    if (found.get().size() < Part.MIN_SIZE && !last) {
      return Optional.of(
          new Refused(
              Reason.TOO_SMALL,
              one.number(),
              "The part `%d` has %d bytes, expected %d at least of all but the last."
                  .formatted(one.number(), found.get().size(), Part.MIN_SIZE)));
    }
    return Optional.empty();
  }

  private Outcome land(
      Call call,
      Upload upload,
      List<Chosen> chosen,
      List<Part> parts,
      List<Precondition> preconditions,
      BiFunction<FileAttributes, List<Part>, FileAttributes> describe) {
    String etag = etag(parts);
    FileAttributes known =
        upload
            .attributes()
            .withEtag(etag)
            .withWritten(versions.clock().instant())
            .withParts(runs(parts));
    FileAttributes attributes = describe.apply(known, parts);
    try (FileWriter writer = writers.apply(call, upload.branch())) {
      Body body = writer.join(parts.stream().map(part -> new Filesets.Piece(part.body())).toList());
      writer.put(upload.path(), false, body, false, attributes);
      preconditions.forEach(writer::onlyIf);
      writer.along(change -> finish(change, upload, digest(chosen), etag));
      return new Outcome.Done(etag, writer.commit().name().id());
    } catch (DassieException e) {
      if (e.fault().equals(Multiparts.missing(upload.name()))) {
        return new Refused(Reason.NO_UPLOAD, 0, e.fault().message());
      }
      throw e;
    }
  }

  /// In the transaction that makes the file visible; refuses it where the upload has ended.
  private static void finish(Change change, Upload upload, Digest list, String etag) {
    Metadata.Writer rows = change.rows();
    Upload there = Multiparts.need(rows, upload.name());
    Multiparts.end(rows, there);
    Outcome.Done answer = new Outcome.Done(etag, change.head(upload.branch()).orElseThrow().id());
    rows.put(
        UploadTable.done(upload.name()),
        UploadTable.encode(new UploadTable.Done(list, answer, change.now())));
    Multiparts.ringAt(rows, upload.name(), Optional.of(change.now().plus(Multiparts.REMEMBERED)));
  }

  private static Digest digest(List<Chosen> chosen) {
    Encoder out = new Encoder();
    out.list(chosen, (each, one) -> each.varint(one.number()).string(one.etag()));
    return Digest.of(out.toBytes());
  }

  /// The MD5 of the MD5s of the parts, and how many they are, as S3 says it.
  private static String etag(List<Part> parts) {
    try {
      MessageDigest md5 = MessageDigest.getInstance("MD5");
      parts.forEach(part -> md5.update(HexFormat.of().parseHex(part.etag())));
      return HexFormat.of().formatHex(md5.digest()) + "-" + parts.size();
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e);
    }
  }

  private static List<FileAttributes.Run> runs(List<Part> parts) {
    List<FileAttributes.Run> runs = new ArrayList<>();
    for (Part part : parts) {
      boolean more = !runs.isEmpty() && runs.getLast().size() == part.size();
      int count = more ? runs.removeLast().count() + 1 : 1;
      runs.add(new FileAttributes.Run(part.size(), count));
    }
    return runs.size() > MAX_RUNS ? List.of() : runs;
  }
}
