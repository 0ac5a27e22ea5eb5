package dev.dassie.server.s3;

import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.server.s3.protocol.Query;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.server.s3.protocol.Xml;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.Page;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Lists the versions of keys: each is a commit that changed the key. The newest [#COMMITS_MAX]
/// commits of a branch are looked at; what was older counts as of the oldest of them.
final class VersionListing {
  static final int COMMITS_MAX = 1000;

  private static final int COMMITS_PAGE = 500;

  void addTo(Map<Operation, Operations.Action> actions) {
    actions.put(Operation.LIST_OBJECT_VERSIONS, this::list);
  }

  private void list(Exchange exchange) {
    Query query = exchange.query();
    Listings.Wanted wanted = Listings.Wanted.read(exchange, "max-keys");
    String keyMarker = query.get("key-marker").orElse("");
    String versionMarker = query.get("version-id-marker").orElse("");
    if (keyMarker.isEmpty() && !versionMarker.isEmpty()) {
      throw Refusal.argument("version-id-marker", versionMarker, "none without a `key-marker`");
    }
    Bucket bucket = exchange.open();
    Optional<ReadView> view = bucket.view();
    Xml xml =
        Xml.of("ListVersionsResult")
            .add("Name", wanted.bucket())
            .add("Prefix", wanted.shown(wanted.prefix()))
            .add("KeyMarker", wanted.shown(keyMarker))
            .add("VersionIdMarker", versionMarker)
            .add("MaxKeys", wanted.most());
    Listings.addQuestion(xml, wanted);
    List<ReadView> commits = view.map(shown -> commits(bucket, shown)).orElse(List.of());
    Rolled rolled = new Rolled(wanted, keyMarker, versionMarker);
    if (beneath(wanted.prefix()).isPresent() && wanted.most() > 0 && !commits.isEmpty()) {
      String from = Listings.compare(keyMarker, wanted.prefix()) > 0 ? keyMarker : wanted.prefix();
      rolled.take(new VersionWalk(commits, beneath(wanted.prefix()).get(), from));
    }
    xml.add("IsTruncated", rolled.truncated);
    if (rolled.truncated) {
      xml.add("NextKeyMarker", wanted.shown(rolled.lastKey))
          .add("NextVersionIdMarker", rolled.lastVersion);
    }
    rolled.shown.forEach(version -> add(xml, wanted, version));
    Listings.addFolders(xml, wanted, rolled.folders);
    exchange.reply(xml);
  }

  /// One page: versions in their order, folders in theirs, and whether more follows. What the
  /// markers say was shown before is left out.
  private static final class Rolled {
    private final Listings.Wanted wanted;
    private final String keyMarker;
    private final String versionMarker;
    private final List<Shown> shown = new ArrayList<>();
    private final List<String> folders = new ArrayList<>();
    private boolean truncated;
    private String lastKey = "";
    private String lastVersion = "";

    Rolled(Listings.Wanted wanted, String keyMarker, String versionMarker) {
      this.wanted = wanted;
      this.keyMarker = keyMarker;
      this.versionMarker = versionMarker;
    }

    /// A version, and whether no newer one of its key is there.
    private record Shown(VersionWalk.Version version, boolean latest) {}

    void take(VersionWalk walk) {
      boolean passed = keyMarker.isEmpty();
      boolean folderMarker =
          keyMarker.startsWith(wanted.prefix())
              && wanted.folder(keyMarker).filter(keyMarker::equals).isPresent();
      String before = "";
      while (walk.hasNext()) {
        VersionWalk.Version version = walk.next();
        String key = version.key();
        if (!key.startsWith(wanted.prefix())) {
          return;
        }
        boolean latest = !key.equals(before);
        before = key;
        if (!passed) {
          boolean old = folderMarker ? key.startsWith(keyMarker) : key.equals(keyMarker);
          if (old) {
            passed = !folderMarker && version.id().equals(versionMarker);
            continue;
          }
          passed = true;
        }
        Optional<String> folder = wanted.folder(key);
        if (folder.isPresent() && folder.get().equals(lastKey)) {
          continue;
        }
        if (shown.size() + folders.size() == wanted.most()) {
          truncated = true;
          return;
        }
        lastKey = folder.orElse(key);
        lastVersion = folder.isPresent() ? "" : version.id();
        folder.ifPresentOrElse(folders::add, () -> shown.add(new Shown(version, latest)));
      }
    }
  }

  private static void add(Xml xml, Listings.Wanted wanted, Rolled.Shown shown) {
    VersionWalk.Version version = shown.version();
    boolean deleted = version.isDeleted();
    xml.open(deleted ? "DeleteMarker" : "Version")
        .add("Key", wanted.shown(version.key()))
        .add("VersionId", version.id())
        .add("IsLatest", shown.latest());
    if (deleted) {
      xml.add("LastModified", ObjectView.modified(version.commit(), FileAttributes.NONE));
    } else {
      FileAttributes known = version.attributes();
      xml.add("LastModified", ObjectView.modified(version.commit(), known))
          .add("ETag", "\"" + ObjectView.etag(version.file(), known) + "\"")
          .add("Size", version.file().map(Entry.File::size).orElse(0L))
          .add("StorageClass", "STANDARD");
    }
    Owner.add(xml, "Owner");
    xml.close();
  }

  /// The folder that all keys of a prefix are in; nothing for a prefix that no key can have.
  private static Optional<FilePath> beneath(String prefix) {
    int slash = prefix.lastIndexOf('/');
    String folder = slash < 0 ? "" : prefix.substring(0, slash);
    boolean possible = slash != 0 && FilePath.check(folder).isEmpty();
    return possible ? Optional.of(new FilePath(folder)) : Optional.empty();
  }

  /// The commit that is shown, and those before it, newest first.
  private static List<ReadView> commits(Bucket bucket, ReadView head) {
    List<ReadView> all = new ArrayList<>();
    all.add(head);
    if (!bucket.hasHistory()) {
      return all;
    }
    Versions versions = bucket.versions();
    CommitName first = head.commit().name();
    Optional<String> cursor = Optional.of("");
    while (cursor.isPresent() && all.size() < COMMITS_MAX) {
      Page<Commit> page =
          versions.history(
              first, commit -> commit.finishedFiles().isPresent(), cursor.get(), COMMITS_PAGE);
      page.items().stream()
          .filter(commit -> !commit.name().equals(first))
          .limit(COMMITS_MAX - all.size())
          .map(commit ->
              new ReadView(
                  commit,
                  commit.finishedFiles().orElseThrow(),
                  versions.chunks(),
                  Optional.empty()))
          .forEach(all::add);
      cursor = page.next();
    }
    return all;
  }
}
