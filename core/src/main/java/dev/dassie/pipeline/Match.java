package dev.dassie.pipeline;

import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;

/// A datum of an input, or of a part of one, where joins and groups are. `place` orders it among
/// the others and is theirs alone: of a files input name, path and branch, of a cross that of its
/// parts, of a union that of its part, of a join its key, the number of the join among the joins
/// and groups of the whole input, and those of its parts, of a group key and number; each ends with
/// a NUL (docs/format.md, "Datum keys").
record Match(String place, List<Datum.Part> parts) {
  Match {
    parts = List.copyOf(parts);
  }

  static Match of(Datum.Part part) {
    return new Match(leafPlace(part), List.of(part));
  }

  static String leafPlace(Datum.Part part) {
    return part.name() + "\0" + part.treePath() + "\0" + part.files().place() + "\0";
  }

  /// Several as one.
  static Match all(String prefix, List<Match> matches) {
    return new Match(
        prefix + matches.stream().map(Match::place).collect(Collectors.joining()),
        matches.stream().flatMap(match -> match.parts().stream()).toList());
  }

  /// The join key on which the parts that have one agree.
  Optional<String> joinKey() {
    List<String> keys =
        parts.stream().flatMap(part -> part.joinKey().stream()).distinct().limit(2).toList();
    return keys.size() == 1 ? Optional.of(keys.getFirst()) : Optional.empty();
  }

  Datum datum() {
    return new Datum(parts, place);
  }
}
