package dev.dassie.server.s3;

import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Query;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.version.BranchName;
import dev.dassie.version.multipart.Part;
import dev.dassie.version.multipart.Upload;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lists uploads that are not complete, and their parts.
final class UploadLists {
  private static final int MOST = 1000;

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.LIST_PARTS, this::parts);
    actions.put(Operation.LIST_MULTIPART_UPLOADS, this::uploads);
  }

  private void parts(Exchange exchange) {
    Query query = exchange.query();
    int most = (int) Math.min(MOST, query.number("max-parts", 0, Integer.MAX_VALUE, MOST));
    int after = (int) query.number("part-number-marker", 0, Integer.MAX_VALUE, 0);
    Bucket bucket = exchange.open();
    Upload.Name name = Multipart.named(exchange, bucket);
    List<Part> found =
        Multipart.found(() -> bucket.multiparts().parts(name, after, most + 1), name.id());
    boolean more = found.size() > most;
    List<Part> shown = more ? found.subList(0, most) : found;
    Xml xml =
        Xml.of("ListPartsResult")
            .add("Bucket", exchange.bucket())
            .add("Key", exchange.key())
            .add("UploadId", name.id());
    Owner.add(xml, "Initiator");
    Owner.add(xml, "Owner");
    xml.add("StorageClass", "STANDARD").add("PartNumberMarker", after);
    if (more && !shown.isEmpty()) {
      xml.add("NextPartNumberMarker", shown.getLast().number());
    }
    xml.add("MaxParts", most).add("IsTruncated", more && most > 0);
    for (Part part : shown) {
      xml.open("Part")
          .add("PartNumber", part.number())
          .add("LastModified", part.stored())
          .add("ETag", "\"" + part.etag() + "\"")
          .add("Size", part.size());
      ObjectReads.sums(dev.dassie.fileset.FileAttributes.NONE.withChecksums(part.checksums()))
          .forEach(sum -> xml.add(sum.kind().element(), sum.value()));
      xml.close();
    }
    exchange.reply(xml);
  }

  private void uploads(Exchange exchange) {
    Query query = exchange.query();
    Listings.Wanted wanted = Listings.Wanted.read(exchange, "max-uploads");
    String keyMarker = query.get("key-marker").orElse("");
    String idMarker = keyMarker.isEmpty() ? "" : query.get("upload-id-marker").orElse("");
    if (!idMarker.isEmpty() && !idMarker.matches("[0-9a-f]{32}")) {
      throw new Refusal(Code.INVALID_ARGUMENT, "The upload-id-marker is none of this list.");
    }
    if ((keyMarker + wanted.prefix()).indexOf('\0') >= 0) {
      throw new Refusal(Code.INVALID_ARGUMENT, "The prefix or key-marker has a NUL character.");
    }
    Bucket bucket = exchange.open();
    BranchName _ = bucket.writable();
    Xml xml =
        Xml.of("ListMultipartUploadsResult")
            .add("Bucket", exchange.bucket())
            .add("KeyMarker", wanted.shown(keyMarker))
            .add("UploadIdMarker", idMarker)
            .add("Prefix", wanted.shown(wanted.prefix()))
            .add("MaxUploads", wanted.most());
    Listings.addQuestion(xml, wanted);
    List<String> folders = new ArrayList<>();
    List<Upload> shown = new ArrayList<>();
    Optional<Upload> last = collect(bucket, wanted, keyMarker, idMarker, shown, folders);
    xml.add("IsTruncated", last.isPresent());
    last.ifPresent(upload ->
        xml.add("NextKeyMarker", wanted.shown(upload.path().value()))
            .add("NextUploadIdMarker", upload.id()));
    for (Upload upload : shown) {
      xml.open("Upload")
          .add("Key", wanted.shown(upload.path().value()))
          .add("UploadId", upload.id());
      Owner.add(xml, "Initiator");
      Owner.add(xml, "Owner");
      xml.add("StorageClass", "STANDARD").add("Initiated", upload.started()).close();
    }
    Listings.addFolders(xml, wanted, folders);
    exchange.reply(xml);
  }

  /// Fills one page, and gives the last upload that was looked at where more follow.
  private static Optional<Upload> collect(
      Bucket bucket,
      Listings.Wanted wanted,
      String keyMarker,
      String idMarker,
      List<Upload> shown,
      List<String> folders) {
    String path = keyMarker;
    String id = idMarker;
    Optional<Upload> last = Optional.empty();
    while (wanted.most() > 0) {
      List<Upload> batch =
          bucket.multiparts().list(bucket.writable(), wanted.prefix(), path, id, MOST);
      for (Upload upload : batch) {
        Optional<String> folder = wanted.folder(upload.path().value());
        boolean known = folder.isPresent() && folders.contains(folder.get());
        if (!known && shown.size() + folders.size() == wanted.most()) {
          return last;
        }
        if (folder.isEmpty()) {
          shown.add(upload);
        } else if (!known) {
          folders.add(folder.get());
        }
        last = Optional.of(upload);
      }
      if (batch.size() < MOST) {
        return Optional.empty();
      }
      path = batch.getLast().path().value();
      id = batch.getLast().id();
    }
    return Optional.empty();
  }
}
