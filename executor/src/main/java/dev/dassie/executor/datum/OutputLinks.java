package dev.dassie.executor.datum;

import dev.dassie.content.ChunkStore;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.job.Task;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFileAttributes;
import java.nio.file.attribute.PosixFilePermission;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/// Follows links in `/pfs/out` as the datum saw them, never as the host would: to a file of an
/// input, which becomes a copy by reference, or to a file in `/pfs/out`. Any other is refused.
public final class OutputLinks {
  private static final int MAX_LINKS = 40;

  private final Slot slot;
  private final List<Task.Part> parts;
  private final Filesets files;
  private final ChunkStore.Session session;

  public OutputLinks(Slot slot, List<Task.Part> parts, Filesets files, ChunkStore.Session session) {
    this.slot = slot;
    this.parts = parts;
    this.files = files;
    this.session = session;
  }

  /// Where a link leads.
  public sealed interface Target {}

  /// A file of an input.
  public record Input(Entry.File file) implements Target {}

  /// A file in the output folder, as a path of the host.
  public record Output(Path path, boolean executable) implements Target {}

  /// Follows the link with this path in `/pfs/out`.
  public Target resolve(FilePath link) throws IOException, DatumRefusal {
    String pfs = slot.layout().pfs();
    Deque<String> left = new ArrayDeque<>(FilePath.parse(pfs + "/out" + link).parts());
    Deque<String> at = new ArrayDeque<>();
    int links = 0;
    while (!left.isEmpty()) {
      String part = left.pop();
      if (part.isEmpty() || part.equals(".")) {
        continue;
      }
      if (part.equals("..")) {
        at.pollLast();
        continue;
      }
      at.addLast(part);
      Optional<Path> host = hostPath(at, pfs);
      if (host.isPresent() && Files.isSymbolicLink(host.get())) {
        if (++links > MAX_LINKS) {
          throw refuse(link, "leads in a circle");
        }
        Optional<String> target = HostNames.text(Files.readSymbolicLink(host.get()));
        if (target.isEmpty()) {
          throw refuse(link, "leads to a name that is not valid UTF-8");
        }
        at.pollLast();
        if (target.get().startsWith("/")) {
          at.clear();
        }
        String[] more = target.get().split("/", -1);
        for (int i = more.length - 1; i >= 0; i--) {
          left.push(more[i]);
        }
      }
    }
    return target(link, String.join("/", at), pfs);
  }

  private Target target(FilePath link, String place, String pfs) throws IOException, DatumRefusal {
    String root = pfs.substring(1) + "/";
    if (!place.startsWith(root)) {
      throw refuse(link, "leads to `/" + place + "`");
    }
    String inside = place.substring(root.length());
    if (inside.startsWith("out/")) {
      Path path = slot.out();
      for (String part : inside.substring("out/".length()).split("/", -1)) {
        path = HostNames.child(path, part);
      }
      if (!Files.isRegularFile(path, LinkOption.NOFOLLOW_LINKS)) {
        throw refuse(link, "leads to `/pfs/" + inside + "`, where there is no file");
      }
      PosixFileAttributes found =
          Files.readAttributes(path, PosixFileAttributes.class, LinkOption.NOFOLLOW_LINKS);
      return new Output(path, found.permissions().contains(PosixFilePermission.OWNER_EXECUTE));
    }
    Optional<Entry.File> file = input(inside);
    if (file.isEmpty()) {
      throw refuse(link, "leads to `/pfs/" + inside + "`, where there is no file");
    }
    return new Input(file.get());
  }

  private Optional<Entry.File> input(String inside) {
    int slash = inside.indexOf('/');
    if (slash < 0 || FilePath.check(inside.substring(slash + 1)).isPresent()) {
      return Optional.empty();
    }
    String name = inside.substring(0, slash);
    FilePath path = new FilePath(inside.substring(slash + 1));
    for (Task.Part part : parts) {
      if (!part.name().equals(name) || !path.isWithin(part.match().path())) {
        continue;
      }
      if (part.match() instanceof Entry.File file && file.path().equals(path)) {
        return Optional.of(file);
      }
      if (part.match() instanceof Entry.Directory directory) {
        String rest = path.value().substring(directory.path().value().length());
        Optional<Entry> found = files.find(files.of(directory, session), FilePath.parse(rest));
        if (found.isPresent() && found.get() instanceof Entry.File file) {
          return Optional.of(file);
        }
      }
    }
    return Optional.empty();
  }

  /// The file of the host for a path in `/pfs/out`; nothing for any other: only there can be links.
  private Optional<Path> hostPath(Deque<String> at, String pfs) {
    String place = "/" + String.join("/", at);
    String out = pfs + "/out/";
    if (!place.startsWith(out)) {
      return Optional.empty();
    }
    Path path = slot.out();
    for (String part : place.substring(out.length()).split("/", -1)) {
      path = HostNames.child(path, part);
    }
    return Optional.of(path);
  }

  private static DatumRefusal refuse(FilePath link, String where) {
    return new DatumRefusal(
        "The output `/pfs/out"
            + link
            + "` is a link that "
            + where
            + "; links may lead to files in `/pfs/out` and of the inputs.");
  }
}
