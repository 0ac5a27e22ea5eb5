package dev.dassie.version;

import dev.dassie.fault.Fault;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.fileset.Hash;
import java.util.Optional;
import java.util.Set;
import java.util.stream.Collectors;

/// What a writer wants a path to be when what it wrote becomes visible; else nothing of it does.
///
/// @param marker whether the marker of the directory is meant, not a file
public record Precondition(FilePath path, boolean marker, Want want) {
  /// The state of a path.
  public sealed interface Want {}

  /// Nothing is there.
  public record Absent() implements Want {}

  /// Something is there.
  public record Present() implements Want {}

  /// A file with one of these entity tags ([FileAttributes#etag(Entry.File)]) is there, or with
  /// `not` none of them.
  public record Etag(Set<String> tags, boolean not) implements Want {
    public Etag {
      tags = Set.copyOf(tags);
    }
  }

  /// A file with this content is there.
  public record Content(Hash hash) implements Want {}

  /// What stands at the path.
  private record Found(Optional<Entry.File> file, Optional<FileAttributes> attributes) {
    boolean there() {
      return attributes.isPresent();
    }

    String etag() {
      return file.map(entry -> attributes.orElseThrow().etag(entry))
          .orElseGet(() -> attributes.flatMap(FileAttributes::etag).orElse(""));
    }

    String said() {
      return there() ? "the entity tag `" + etag() + "`" : "nothing";
    }
  }

  /// Refuses (`Fault.PreconditionFailed`) where a tree is not so.
  void check(Filesets filesets, Fileset tree) {
    Found found = find(filesets, tree);
    switch (want) {
      case Absent _ -> refuseUnless(!found.there(), found, "nothing");
      case Present _ -> refuseUnless(found.there(), found, "something");
      case Etag(Set<String> tags, boolean not) -> {
        boolean one = found.there() && tags.contains(found.etag());
        String listed =
            tags.stream().sorted().map(tag -> "`" + tag + "`").collect(Collectors.joining(" or "));
        refuseUnless(one != not, found, (not ? "not " : "") + "the entity tag " + listed);
      }
      case Content(Hash hash) -> {
        boolean same = found.file().filter(file -> file.hash().equals(hash)).isPresent();
        if (!same) {
          String there =
              found.file().map(file -> "the content `" + file.hash() + "`").orElse("no file");
          throw refused("the content `" + hash + "`", there, found.there());
        }
      }
    }
  }

  private Found find(Filesets filesets, Fileset tree) {
    if (marker) {
      return new Found(Optional.empty(), filesets.marker(tree, path));
    }
    Optional<Entry.File> file =
        filesets
            .find(tree, path)
            .flatMap(
                entry -> entry instanceof Entry.File known ? Optional.of(known) : Optional.empty());
    return new Found(file, file.map(_ -> filesets.attributes(tree, path)));
  }

  private void refuseUnless(boolean holds, Found found, String expected) {
    if (!holds) {
      throw refused(expected, found.said(), found.there());
    }
  }

  private RuntimeException refused(String expected, String found, boolean there) {
    return new Fault.PreconditionFailed(path + (marker ? "/" : ""), expected, found, there)
        .asException();
  }
}
