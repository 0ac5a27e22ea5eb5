package dev.dassie.server.s3;

import dev.dassie.fileset.Difference;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.KeyWalk;
import dev.dassie.version.ReadView;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import java.util.Optional;
import java.util.PriorityQueue;

/// The versions of keys in the order of keys, of one key the newest first: a merge of what each
/// commit changed, and of all that the oldest one has. Not thread-safe.
final class VersionWalk implements Iterator<VersionWalk.Version> {
  /// A key as a commit left it: with a file, with the marker of a folder, or deleted.
  record Version(ReadView commit, String key, Optional<Entry.File> file) {
    boolean isDeleted() {
      return file.isEmpty() && !key.endsWith("/");
    }

    String id() {
      return commit.commit().name().id().value();
    }

    FileAttributes attributes() {
      Filesets reader = commit.reader();
      return file.map(there -> reader.attributes(commit.files(), there.path()))
          .or(() -> reader.marker(commit.files(), new FilePath(key.substring(0, key.length() - 1))))
          .orElse(FileAttributes.NONE);
    }
  }

  /// What is next of one commit.
  private record Source(int age, Version next, Iterator<Version> rest) {}

  private final PriorityQueue<Source> sources =
      new PriorityQueue<>((one, other) -> {
        int order = Listings.compare(one.next().key(), other.next().key());
        return order == 0 ? Integer.compare(one.age(), other.age()) : order;
      });

  /// @param commits the newest first
  /// @param beneath the folder that the keys are in
  /// @param from the first key
  VersionWalk(List<ReadView> commits, FilePath beneath, String from) {
    int oldest = commits.size() - 1;
    for (int age = 0; age < oldest; age++) {
      ReadView now = commits.get(age);
      Iterator<Difference> changes =
          now.reader().diff(commits.get(age + 1).files(), now.files(), beneath);
      add(age, changed(now, changes, from));
    }
    ReadView base = commits.get(oldest);
    KeyWalk keys = base.reader().keys(base.files()).to(from);
    add(oldest, whole(base, keys));
  }

  private static Iterator<Version> changed(
      ReadView now, Iterator<Difference> changes, String from) {
    return new Iterator<>() {
      private Optional<Difference> ahead = Optional.empty();

      @Override
      public boolean hasNext() {
        while (ahead.isEmpty() && changes.hasNext()) {
          ahead =
              Optional.of(changes.next())
                  .filter(one -> Listings.compare(one.path().value(), from) >= 0);
        }
        return ahead.isPresent();
      }

      @Override
      public Version next() {
        if (!hasNext()) {
          throw new NoSuchElementException();
        }
        Difference one = ahead.orElseThrow();
        ahead = Optional.empty();
        return new Version(now, one.path().value(), one.now());
      }
    };
  }

  private static Iterator<Version> whole(ReadView base, KeyWalk keys) {
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return keys.hasNext();
      }

      @Override
      public Version next() {
        KeyWalk.Key key = keys.next();
        return new Version(base, key.name(), key.file());
      }
    };
  }

  private void add(int age, Iterator<Version> rest) {
    if (rest.hasNext()) {
      sources.add(new Source(age, rest.next(), rest));
    }
  }

  @Override
  public boolean hasNext() {
    return !sources.isEmpty();
  }

  @Override
  public Version next() {
    Source source = Optional.ofNullable(sources.poll()).orElseThrow(NoSuchElementException::new);
    add(source.age(), source.rest());
    return source.next();
  }
}
