package dev.dassie.server.s3;

import dev.dassie.fileset.KeyWalk;
import dev.dassie.server.s3.protocol.Encoding;
import dev.dassie.server.s3.protocol.Query;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.version.ReadView;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lists keys, a page at a time: each costs as much as what it shows, wherever it begins.
final class Listings {
  static final int KEYS_MAX = 1000;

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.LIST_OBJECTS, this::first);
    actions.put(Operation.LIST_OBJECTS_V2, this::second);
  }

  /// What is listed.
  ///
  /// @param encoded whether names go out percent-encoded
  record Wanted(String bucket, String prefix, String delimiter, int most, boolean encoded) {
    static Wanted read(Exchange exchange, String limit) {
      Query query = exchange.query();
      String encoding = query.text("encoding-type").orElse("");
      if (!encoding.isEmpty() && !encoding.equals("url")) {
        throw Refusal.argument("encoding-type", encoding, "`url`");
      }
      return new Wanted(
          exchange.bucket(),
          query.get("prefix").orElse(""),
          query.get("delimiter").orElse(""),
          (int) Math.min(KEYS_MAX, query.number(limit, 0, Integer.MAX_VALUE, KEYS_MAX)),
          !encoding.isEmpty());
    }

    String shown(String name) {
      return encoded ? Encoding.encode(name, true) : name;
    }

    /// The folder that a key is rolled up in, if it is.
    Optional<String> folder(String key) {
      int cut = delimiter.isEmpty() ? -1 : key.indexOf(delimiter, prefix.length());
      return cut < 0 ? Optional.empty() : Optional.of(key.substring(0, cut + delimiter.length()));
    }

    /// Where a list goes on that a client says itself: past a folder that it names.
    Token after(String name) {
      boolean folder = name.startsWith(prefix) && folder(name).filter(name::equals).isPresent();
      return new Token(folder, name);
    }
  }

  /// A page of a list. `next` is there where more follows.
  record Page(List<KeyWalk.Key> keys, List<String> folders, Optional<Token> next) {}

  /// Reads one page.
  static Page page(Optional<ReadView> shown, Wanted wanted, Optional<Token> after) {
    List<KeyWalk.Key> keys = new ArrayList<>();
    List<String> folders = new ArrayList<>();
    if (shown.isEmpty() || wanted.most() == 0) {
      return new Page(keys, folders, Optional.empty());
    }
    KeyWalk walk = shown.get().reader().keys(shown.get().files());
    start(walk, wanted, after);
    Optional<Token> last = Optional.empty();
    while (walk.hasNext()) {
      KeyWalk.Key key = walk.next();
      if (!key.name().startsWith(wanted.prefix())) {
        break;
      }
      if (keys.size() + folders.size() == wanted.most()) {
        return new Page(keys, folders, last);
      }
      Optional<String> folder = wanted.folder(key.name());
      if (folder.isPresent()) {
        folders.add(folder.get());
        KeyWalk _ = walk.past(folder.get());
      } else {
        keys.add(key);
      }
      last = Optional.of(new Token(folder.isPresent(), folder.orElse(key.name())));
    }
    return new Page(keys, folders, Optional.empty());
  }

  private static void start(KeyWalk walk, Wanted wanted, Optional<Token> after) {
    String prefix = wanted.prefix();
    boolean within = after.isPresent() && compare(after.get().key(), prefix) >= 0;
    if (!within) {
      KeyWalk _ = walk.to(prefix);
    } else if (after.get().past()) {
      KeyWalk _ = walk.past(after.get().key());
    } else {
      KeyWalk _ = walk.after(after.get().key());
    }
  }

  /// In the order of keys, which is that of their UTF-8 bytes.
  static int compare(String one, String other) {
    return java.util.Arrays.compareUnsigned(
        one.getBytes(java.nio.charset.StandardCharsets.UTF_8),
        other.getBytes(java.nio.charset.StandardCharsets.UTF_8));
  }

  private void first(Exchange exchange) {
    Wanted wanted = Wanted.read(exchange, "max-keys");
    Optional<ReadView> view = exchange.open().view();
    String marker = exchange.query().get("marker").orElse("");
    Page page =
        page(view, wanted, Optional.of(marker).filter(m -> !m.isEmpty()).map(wanted::after));
    Xml xml = head(wanted).add("Marker", wanted.shown(marker));
    xml.add("MaxKeys", wanted.most()).add("IsTruncated", page.next().isPresent());
    page.next().ifPresent(next -> xml.add("NextMarker", wanted.shown(next.key())));
    rest(xml, wanted, view, page, true);
    exchange.reply(xml);
  }

  private void second(Exchange exchange) {
    Query query = exchange.query();
    if (!query.get("list-type").equals(Optional.of("2"))) {
      throw Refusal.argument("list-type", query.get("list-type").orElse(""), "2");
    }
    Wanted wanted = Wanted.read(exchange, "max-keys");
    Optional<ReadView> view = exchange.open().view();
    Optional<String> token = query.get("continuation-token");
    String startAfter = query.get("start-after").orElse("");
    Optional<Token> after =
        token
            .map(text -> Token.read(text, wanted.bucket(), wanted.prefix(), wanted.delimiter()))
            .or(() -> Optional.of(startAfter).filter(s -> !s.isEmpty()).map(wanted::after));
    Page page = page(view, wanted, after);
    Xml xml = head(wanted).add("MaxKeys", wanted.most());
    xml.add("KeyCount", page.keys().size() + page.folders().size());
    xml.add("IsTruncated", page.next().isPresent());
    token.ifPresent(text -> xml.add("ContinuationToken", text));
    page.next()
        .map(next -> next.text(wanted.bucket(), wanted.prefix(), wanted.delimiter()))
        .ifPresent(next -> xml.add("NextContinuationToken", next));
    if (!startAfter.isEmpty()) {
      xml.add("StartAfter", wanted.shown(startAfter));
    }
    boolean owner = query.get("fetch-owner").equals(Optional.of("true"));
    rest(xml, wanted, view, page, owner);
    exchange.reply(xml);
  }

  private static Xml head(Wanted wanted) {
    Xml xml =
        Xml.of("ListBucketResult")
            .add("Name", wanted.bucket())
            .add("Prefix", wanted.shown(wanted.prefix()));
    addQuestion(xml, wanted);
    return xml;
  }

  static void addQuestion(Xml xml, Wanted wanted) {
    if (!wanted.delimiter().isEmpty()) {
      xml.add("Delimiter", wanted.shown(wanted.delimiter()));
    }
    if (wanted.encoded()) {
      xml.add("EncodingType", "url");
    }
  }

  private static void rest(
      Xml xml, Wanted wanted, Optional<ReadView> view, Page page, boolean owner) {
    for (KeyWalk.Key key : page.keys()) {
      xml.open("Contents")
          .add("Key", wanted.shown(key.name()))
          .add("LastModified", ObjectView.modified(view.orElseThrow(), key.attributes()))
          .add("ETag", "\"" + ObjectView.etag(key.file(), key.attributes()) + "\"")
          .add("Size", key.file().map(file -> file.size()).orElse(0L));
      if (owner) {
        Owner.add(xml, "Owner");
      }
      xml.add("StorageClass", "STANDARD").close();
    }
    addFolders(xml, wanted, page.folders());
  }

  static void addFolders(Xml xml, Wanted wanted, List<String> folders) {
    for (String folder : folders) {
      xml.open("CommonPrefixes").add("Prefix", wanted.shown(folder)).close();
    }
  }
}
