package dev.dassie.lineage.reason;

import dev.dassie.content.ChunkReader;
import dev.dassie.fileset.FilePath;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.Filesets;
import dev.dassie.lineage.reason.Difference.Kind;
import dev.dassie.pipeline.Arm;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.Pipelines;
import dev.dassie.pipeline.Transform;
import dev.dassie.version.CommitName;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;

/// Compares two computations part by part: what is the same is not said. Thread-safe.
public final class Comparison {
  private static final int EXAMPLES = 10;

  /// How facts about secrets begin; their name follows, then version and id.
  private static final String SECRET = "secret ";

  /// Files that are looked at in one comparison.
  private static final int LOOKED_AT = 10_000;

  private final Filesets filesets;

  public Comparison(ChunkReader reader) {
    this.filesets = new Filesets(reader);
  }

  /// One files input with the commit that it read.
  public record Read(Input.Files input, Optional<CommitName> commit, Optional<Fileset> files) {}

  /// What differs beside the data.
  public List<Difference> computations(Computation before, Computation after) {
    List<Difference> found = new ArrayList<>();
    if (!before.source().equals(after.source())) {
      found.add(code(before, after));
    }
    Transform old = before.spec().transform();
    Transform now = after.spec().transform();
    add(found, Kind.COMMAND, "cmd", words(old.cmd()), words(now.cmd()));
    add(found, Kind.STDIN, "stdin", lines(old.stdin()), lines(now.stdin()));
    TreeSet<String> variables = new TreeSet<>(old.env().keySet());
    variables.addAll(now.env().keySet());
    for (String name : variables) {
      Optional<String> was = Optional.ofNullable(old.env().get(name));
      add(found, Kind.PARAMETER, name, was, Optional.ofNullable(now.env().get(name)));
    }
    add(found, Kind.WORKING_DIR, "workingDir", old.workingDir(), now.workingDir());
    add(found, Kind.RETURN_CODES, "acceptReturnCode", codes(old), codes(now));
    add(found, Kind.NETWORK, "network", network(old), network(now));
    add(found, Kind.USER, "user", old.user(), now.user());
    add(found, Kind.SECRET, "secrets", uses(old), uses(now));
    add(found, Kind.SALT, "salt", text(before.spec().salt()), text(after.spec().salt()));
    if (before.facts().isPresent() && after.facts().isPresent()) {
      facts(before.facts().get(), after.facts().get(), found);
    }
    cuts(before.spec().input(), after.spec().input(), found);
    return found;
  }

  /// What differs in the data that was read, of files that the inputs match; another commit with
  /// the same files is no difference. `after` says how they are named.
  public List<Difference> inputs(List<Read> before, List<Read> after) {
    Map<String, Read> old = new LinkedHashMap<>();
    before.forEach(read -> old.putIfAbsent(read.input().name(), read));
    List<Difference> found = new ArrayList<>();
    for (Read now : after) {
      Optional<Read> was = Optional.ofNullable(old.get(now.input().name()));
      Optional<CommitName> commit = was.flatMap(Read::commit);
      if (!commit.equals(now.commit())) {
        Arm arm = new Arm(now.input());
        Difference.Files files =
            changed(
                commit,
                now.commit(),
                was.flatMap(Read::files).orElse(Filesets.EMPTY),
                now.files().orElse(Filesets.EMPTY),
                FilePath.ROOT,
                path -> reads(arm, path));
        if (files.count() > 0 || !files.exact()) {
          found.add(
              new Difference(
                  Kind.INPUT,
                  now.input().name(),
                  commit.map(CommitName::toString),
                  now.commit().map(CommitName::toString),
                  Optional.of(files)));
        }
      }
    }
    return found;
  }

  /// The files that differ between two filesets beneath a path, of those that are wanted.
  public Difference.Files changed(
      Optional<CommitName> from,
      Optional<CommitName> to,
      Fileset before,
      Fileset after,
      FilePath beneath,
      Predicate<FilePath> wanted) {
    List<Difference.Changed> examples = new ArrayList<>();
    Iterator<dev.dassie.fileset.Difference> all = filesets.diff(before, after, beneath);
    long count = 0;
    for (int i = 0; i < LOOKED_AT && all.hasNext(); i++) {
      dev.dassie.fileset.Difference one = all.next();
      if (wanted.test(one.path())) {
        count++;
        if (examples.size() < EXAMPLES) {
          examples.add(
              Difference.Changed.of(one.path(), one.old().isPresent(), one.now().isPresent()));
        }
      }
    }
    return new Difference.Files(from, to, count, !all.hasNext(), examples);
  }

  /// Whether a file is in a datum: the glob matches it or a folder above it.
  static boolean reads(Arm arm, FilePath path) {
    if (arm.glob().matches(path, false)) {
      return true;
    }
    for (FilePath folder = path; !folder.isRoot(); ) {
      folder = folder.parent();
      if (arm.glob().matches(folder, true)) {
        return true;
      }
    }
    return false;
  }

  private Difference code(Computation before, Computation after) {
    Optional<Difference.Files> files = Optional.empty();
    if (before.files().isPresent() && after.files().isPresent()) {
      files =
          Optional.of(
              changed(
                  Optional.of(before.commit()),
                  Optional.of(after.commit()),
                  before.files().get(),
                  after.files().get(),
                  Pipelines.SOURCE,
                  path -> true));
    }
    return new Difference(
        Kind.CODE,
        "source",
        before.source().map(Object::toString),
        after.source().map(Object::toString),
        files);
  }

  /// What differs between what code ran on at two times.
  public static List<Difference> environments(List<String> before, List<String> after) {
    List<Difference> found = new ArrayList<>();
    facts(before, after, found);
    return found;
  }

  /// Facts begin with what they are of, such as a path, and end with its digest or version.
  private static void facts(List<String> before, List<String> after, List<Difference> found) {
    Map<String, String> old = named(before);
    Map<String, String> now = named(after);
    TreeSet<String> names = new TreeSet<>(old.keySet());
    names.addAll(now.keySet());
    for (String name : names) {
      Optional<String> was = Optional.ofNullable(old.get(name));
      boolean secret = name.startsWith(SECRET);
      add(
          found,
          secret ? Kind.SECRET : Kind.ENVIRONMENT,
          secret ? name.substring(SECRET.length()) : name,
          was,
          Optional.ofNullable(now.get(name)));
    }
  }

  private static Map<String, String> named(Collection<String> facts) {
    Map<String, String> named = new LinkedHashMap<>();
    for (String fact : facts) {
      int space =
          fact.startsWith(SECRET) ? fact.indexOf(' ', SECRET.length()) : fact.lastIndexOf(' ');
      String name = space < 0 ? fact : fact.substring(0, space);
      named.merge(name, fact.substring(space + 1), (one, other) -> one + " " + other);
    }
    return named;
  }

  private static void cuts(Input before, Input after, List<Difference> found) {
    add(found, Kind.DATUMS, "input", text(shape(before)), text(shape(after)));
    Map<String, Input.Files> old = new LinkedHashMap<>();
    before.arms().forEach(arm -> old.putIfAbsent(arm.name(), arm));
    for (Input.Files now : after.arms()) {
      Optional<Input.Files> was = Optional.ofNullable(old.get(now.name()));
      if (was.isPresent() && !was.get().equals(now)) {
        add(found, Kind.DATUMS, now.name(), text(arm(was.get())), text(arm(now)));
      }
    }
  }

  private static String shape(Input input) {
    String parts = input.parts().stream().map(Comparison::shape).collect(Collectors.joining(", "));
    return switch (input) {
      case Input.Files files -> files.name();
      case Input.Cross _ -> "cross(" + parts + ")";
      case Input.Union _ -> "union(" + parts + ")";
      case Input.Join _ -> "join(" + parts + ")";
      case Input.Group _ -> "group(" + parts + ")";
    };
  }

  private static String arm(Input.Files arm) {
    return "%s:%s%s%s%s%s%s%s%s"
        .formatted(
            arm.branch(),
            arm.glob(),
            arm.emptyFiles() ? " emptyFiles" : "",
            arm.lazy() ? " lazy" : "",
            arm.s3() ? " s3" : "",
            arm.reference() ? " reference" : "",
            arm.joinOn().map(" joinOn "::concat).orElse(""),
            arm.outerJoin() ? " outerJoin" : "",
            arm.groupBy().map(" groupBy "::concat).orElse(""));
  }

  private static void add(
      List<Difference> found,
      Kind kind,
      String name,
      Optional<String> before,
      Optional<String> after) {
    if (!before.equals(after)) {
      found.add(Difference.of(kind, name, before, after));
    }
  }

  private static Optional<String> words(List<String> words) {
    return text(String.join(" ", words));
  }

  private static Optional<String> lines(List<String> lines) {
    return text(String.join("\n", lines));
  }

  private static Optional<String> codes(Transform transform) {
    return text(
        transform.acceptReturnCode().stream()
            .distinct()
            .sorted()
            .map(String::valueOf)
            .collect(Collectors.joining(", ")));
  }

  private static Optional<String> uses(Transform transform) {
    return text(
        transform.secrets().stream()
            .map(use ->
                "%s%s%s%s"
                    .formatted(
                        use.name(),
                        use.key().map("."::concat).orElse(""),
                        use.variable().map(" as "::concat).orElse(""),
                        use.folder().map(" at "::concat).orElse("")))
            .collect(Collectors.joining(", ")));
  }

  private static Optional<String> network(Transform transform) {
    return text(transform.network().name().toLowerCase(java.util.Locale.ROOT));
  }

  private static Optional<String> text(String text) {
    return text.isEmpty() ? Optional.empty() : Optional.of(text);
  }
}
