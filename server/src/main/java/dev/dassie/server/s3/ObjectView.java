package dev.dassie.server.s3;

import dev.dassie.content.ByteTaker;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.version.Commit;
import dev.dassie.version.ReadView;
import java.io.IOException;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.Optional;

/// An object that is there: a file, or the marker of a folder, which has no bytes.
record ObjectView(
    ReadView view, ObjectKey key, Optional<Entry.File> file, FileAttributes attributes) {
  /// What the request names, of a version where it names one; else `NoSuchKey` or its kin.
  static ObjectView open(Exchange exchange) {
    return open(
        exchange.reach(), exchange.bucket(), exchange.key(), exchange.query().text("versionId"));
  }

  static ObjectView open(Reach reach, String bucketName, String keyText, Optional<String> version) {
    ObjectKey key = ObjectKey.parse(keyText);
    Bucket bucket = reach.bucket(bucketName);
    Optional<ReadView> view =
        version.isPresent() && !version.get().equals("null")
            ? Optional.of(bucket.version(version.get(), keyText))
            : bucket.view();
    return view.flatMap(shown -> find(shown, key)).orElseThrow(() -> missing(keyText));
  }

  static Refusal missing(String key) {
    return new Refusal(Code.NO_SUCH_KEY, "The specified key does not exist.")
        .with("Key", Refusal.shortened(key));
  }

  /// The object of a key in a view.
  static Optional<ObjectView> find(ReadView view, ObjectKey key) {
    if (key.isFolder()) {
      return view.reader()
          .marker(view.files(), key.path())
          .map(attributes -> new ObjectView(view, key, Optional.empty(), attributes));
    }
    return view.reader()
        .find(view.files(), key.path())
        .filter(entry -> entry instanceof Entry.File)
        .map(entry ->
            new ObjectView(
                view,
                key,
                Optional.of((Entry.File) entry),
                view.reader().attributes(view.files(), key.path())));
  }

  long size() {
    return file.map(Entry.File::size).orElse(0L);
  }

  /// Hands bytes of it to a taker.
  void send(long offset, long length, ByteTaker to) throws IOException {
    if (file.isPresent()) {
      view.reader().send(file.get(), offset, length, to);
    }
  }

  /// Without quotes.
  String etag() {
    return etag(file, attributes);
  }

  static String etag(Optional<Entry.File> file, FileAttributes attributes) {
    return file.map(attributes::etag)
        .orElseGet(() -> attributes.etag().orElse(Incoming.MD5_OF_NOTHING));
  }

  /// To the second, as HTTP tells times.
  Instant modified() {
    return modified(view, attributes).truncatedTo(ChronoUnit.SECONDS);
  }

  /// When the object was written, else when the commit was made that shows it.
  static Instant modified(ReadView view, FileAttributes attributes) {
    return attributes
        .written()
        .orElseGet(() ->
            switch (view.commit().state()) {
              case Commit.Finished finished -> finished.at();
              case Commit.Failed failed -> failed.at();
              case Commit.Open _ -> view.commit().started();
            });
  }

  String version() {
    return view.commit().name().id().value();
  }
}
