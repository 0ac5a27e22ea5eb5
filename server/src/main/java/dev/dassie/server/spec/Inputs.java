package dev.dassie.server.spec;

import dev.dassie.fileset.Glob;
import dev.dassie.pipeline.Input;
import dev.dassie.pipeline.KeyTemplate;
import dev.dassie.pipeline.Starts;
import dev.dassie.pipeline.TriggeredInputs;
import dev.dassie.version.BranchName;
import dev.dassie.version.Names;
import dev.dassie.version.RepoName;
import dev.dassie.version.trigger.Trigger;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// Reads `input`.
final class Inputs {
  private static final int LONGEST_NAME = 255;
  private static final String KINDS = "`pfs`, `cross`, `union`, `join`, `group` and `cron`";

  /// Kinds that hold other inputs. What joins and groups hold has names of its own, as in a cross.
  private static final List<String> SEVERAL = List.of("cross", "union", "join", "group");

  private final FieldCheck check;
  private final Problems problems;
  private final BucketFields buckets;
  private final String project;
  private final String pipeline;

  /// How many inputs of a repo have a trigger and name no branch, so far.
  private final Map<RepoName, Integer> triggered = new HashMap<>();

  Inputs(
      FieldCheck check, Problems problems, BucketFields buckets, String project, String pipeline) {
    this.check = check;
    this.problems = problems;
    this.buckets = buckets;
    this.project = project;
    this.pipeline = pipeline;
  }

  Optional<Input> read(Checked root) {
    Optional<Node> node = root.node("input");
    if (node.isEmpty()) {
      if (root.lacks("input")) {
        problems.add(
            root.place(),
            "`input` is missing, expected the data to read.",
            Optional.of("Write `input: {pfs: {repo: my-repo, glob: /*}}`."));
      }
      return Optional.empty();
    }
    return input(node.get(), "input", Set.of()).map(Named::input);
  }

  /// An input and the names that its datums may have.
  private record Named(Input input, Set<String> names) {}

  /// @param keys the fields that every files input must have here: `joinOn` under a join
  private Optional<Named> input(Node node, String path, Set<String> keys) {
    int before = count(node);
    Checked input = check.mapping(node, SpecFields.input(), path);
    if (before > 1) {
      problems.add(
          input.place(),
          "`%s` has %d kinds, expected exactly one of %s.".formatted(path, before, KINDS),
          Optional.of("To read several inputs, list them under `cross` or `union`."));
      return Optional.empty();
    }
    if (before == 0 && node instanceof Node.Fields fields && fields.values().isEmpty()) {
      problems.add(input.place(), "`%s` is empty, expected one of %s.".formatted(path, KINDS));
    }
    Optional<Node> pfs = input.node("pfs");
    if (pfs.isPresent()) {
      return files(pfs.get(), path + ".pfs", keys);
    }
    Optional<Node> cron = input.node("cron");
    if (cron.isPresent()) {
      return cron(cron.get(), path + ".cron", keys);
    }
    return SEVERAL.stream()
        .filter(kind -> input.node(kind).isPresent())
        .findFirst()
        .flatMap(kind -> several(input, kind, path + "." + kind, keys));
  }

  /// How many kinds of input a mapping gives.
  private static int count(Node node) {
    if (!(node instanceof Node.Fields fields)) {
      return 0;
    }
    Set<String> kinds = new TreeSet<>();
    for (Node.Field field : fields.values()) {
      boolean given = !(field.value() instanceof Node.Scalar scalar && scalar.isNull());
      if (given && SpecFields.input().stream().anyMatch(known -> known.isNamed(field.name()))) {
        kinds.add(field.name());
      }
    }
    return kinds.size();
  }

  private Optional<Named> several(Checked input, String kind, String path, Set<String> outer) {
    Set<String> keys = new TreeSet<>(outer);
    Map.of("join", "joinOn", "group", "groupBy").entrySet().stream()
        .filter(known -> known.getKey().equals(kind))
        .forEach(known -> keys.add(known.getValue()));
    List<Input> parts = new ArrayList<>();
    Set<String> names = new TreeSet<>();
    List<Node> nodes = input.items(kind);
    if (nodes.isEmpty()) {
      problems.add(
          input.placeOf(kind), "`%s` is empty, expected at least one input.".formatted(path));
    }
    buckets.enter(kind, input, path);
    for (int i = 0; i < nodes.size(); i++) {
      Node node = nodes.get(i);
      String place = "%s[%d]".formatted(path, i);
      Optional<Named> part = input(node, place, keys);
      if (part.isEmpty()) {
        continue;
      }
      for (String name : part.get().names()) {
        if (!names.add(name) && !kind.equals("union")) {
          problems.add(
              node.place(),
              "`%s` has the name `%s`, which another input of the %s has already."
                  .formatted(place, Said.value(name), kind),
              Optional.of("Give one of them another `name`."));
        }
      }
      parts.add(part.get().input());
    }
    buckets.leave();
    Input all =
        switch (kind) {
          case "cross" -> new Input.Cross(parts);
          case "union" -> new Input.Union(parts);
          case "join" -> new Input.Join(parts);
          default -> new Input.Group(parts);
        };
    return parts.size() == nodes.size() && !parts.isEmpty()
        ? Optional.of(new Named(all, names))
        : Optional.empty();
  }

  private Optional<Named> files(Node node, String path, Set<String> keys) {
    List<Known> known = SpecFields.in(SpecFields.input(), "pfs");
    Checked pfs = check.mapping(node, known, path);
    Optional<RepoName> repo = repo(pfs);
    Optional<Checked> follows =
        pfs.node("trigger")
            .map(trigger ->
                check.mapping(trigger, SpecFields.in(known, "trigger"), pfs.path("trigger")));
    Optional<Trigger> trigger = follows.flatMap(new TriggerFields(problems)::read);
    Optional<String> branch =
        follows.isPresent() && pfs.text("branch").isEmpty() && pfs.text("commit").isEmpty()
            ? repo.map(this::triggered)
            : branch(pfs);
    Optional<String> glob = BucketFields.glob(pfs).or(() -> glob(pfs));
    buckets.files(pfs, glob);
    keys.stream()
        .filter(pfs::lacks)
        .forEach(field ->
            problems.add(
                pfs.place(),
                "`%s` is missing, expected the key of the %s."
                    .formatted(pfs.path(field), field.equals("joinOn") ? "join" : "group"),
                Optional.of(
                    "Write `%s: $1`, and parentheses in the glob for what `$1` stands for."
                        .formatted(field))));
    if (glob.isPresent()) {
      int captures = Glob.parse(glob.get()).captureCount();
      key(pfs, "joinOn", captures);
      key(pfs, "groupBy", captures);
    }
    String name = pfs.text("name").or(() -> pfs.text("repo")).orElse("");
    boolean good = repo.isEmpty() || goodName(pfs, name);
    boolean never =
        pfs.node("propagationSpec")
            .map(propagation ->
                check.mapping(
                    propagation,
                    SpecFields.in(known, "propagationSpec"),
                    pfs.path("propagationSpec")))
            .filter(propagation -> propagation.flag("never"))
            .isPresent();
    boolean followed = trigger.isPresent() == follows.isPresent() && followable(pfs, trigger);
    if (repo.isEmpty() || branch.isEmpty() || glob.isEmpty() || !good || !followed) {
      return Optional.empty();
    }
    Input.Files files =
        new Input.Files(
            name,
            new BranchName(repo.get(), branch.get()),
            glob.get(),
            pfs.flag("emptyFiles"),
            pfs.flag("lazy"),
            pfs.flag("reference"),
            pfs.text("joinOn"),
            pfs.flag("outerJoin"),
            pfs.text("groupBy"),
            new Starts(never, trigger, Optional.empty()),
            pfs.flag("s3"));
    return Optional.of(new Named(files, Set.of(name)));
  }

  /// The branch that the server makes for the next input of a repo with a trigger.
  private String triggered(RepoName repo) {
    int number = triggered.merge(repo, 1, Integer::sum);
    return TriggeredInputs.branch(pipeline, number);
  }

  /// Refuses a trigger of a commit, which never moves, and one on the branch itself.
  private boolean followable(Checked pfs, Optional<Trigger> trigger) {
    Optional<String> commit = pfs.text("commit");
    boolean itself = trigger.isPresent() && pfs.text("branch").equals(trigger.map(Trigger::branch));
    if (trigger.isPresent() && commit.isPresent()) {
      problems.add(
          pfs.placeOf("trigger"),
          "`%s` is beside a `commit`, which never moves.".formatted(pfs.path("trigger")));
    } else if (itself) {
      problems.add(
          pfs.placeOf("trigger"),
          "`%s.branch` is `%s`, expected another branch than the one that is read."
              .formatted(pfs.path("trigger"), trigger.get().branch()));
    }
    return !itself && (trigger.isEmpty() || commit.isEmpty());
  }

  private Optional<Named> cron(Node node, String path, Set<String> keys) {
    Checked cron = check.mapping(node, SpecFields.in(SpecFields.input(), "cron"), path);
    buckets.ticks(cron);
    Optional<Input.Files> ticks = new CronInputs(problems, project, pipeline).read(cron);
    if (!keys.isEmpty()) {
      problems.add(
          cron.place(), "`%s` is in a join or group, where ticks have no key.".formatted(path));
    }
    return ticks
        .filter(files -> goodName(cron, files.name()))
        .map(files -> new Named(files, Set.of(files.name())));
  }

  private Optional<RepoName> repo(Checked pfs) {
    Optional<String> type = pfs.text("repoType");
    if (type.isPresent() && !type.get().equals("user")) {
      problems.add(
          pfs.placeOf("repoType"),
          "`%s: %s` is not supported yet, expected `user`."
              .formatted(pfs.path("repoType"), Said.value(type.get())));
    }
    Optional<String> owner = named(pfs, "project", "project", project);
    Optional<String> repo = pfs.text("repo");
    if (repo.isEmpty()) {
      missing(pfs, "repo", "the repo to read", "repo: my-repo");
      return Optional.empty();
    }
    Optional<String> name = named(pfs, "repo", "repo", "");
    return owner.isPresent() && name.isPresent()
        ? Optional.of(new RepoName(owner.get(), name.get()))
        : Optional.empty();
  }

  /// The branch or tag, or the id of a pinned commit.
  private Optional<String> branch(Checked pfs) {
    Optional<String> commit = pfs.text("commit");
    if (commit.isEmpty()) {
      return named(pfs, "branch", "branch", BranchName.DEFAULT_BRANCH);
    }
    String rule = "";
    if (!Names.isCommitId(commit.get())) {
      rule = "a full commit id (32 hex digits)";
    } else if (pfs.text("branch").isPresent()) {
      rule = "no commit beside a `branch`";
    }
    if (!rule.isEmpty()) {
      problems.add(
          pfs.placeOf("commit"),
          "`%s` is `%s`, expected %s."
              .formatted(pfs.path("commit"), Said.value(commit.get()), rule));
      return Optional.empty();
    }
    return commit;
  }

  private Optional<String> named(Checked pfs, String field, String kind, String otherwise) {
    Optional<String> text = pfs.text(field);
    if (text.isEmpty()) {
      return Optional.of(otherwise);
    }
    return SpecReader.attempt(
        problems, pfs.placeOf(field), pfs.path(field), () -> Names.check(kind, text.get()));
  }

  private Optional<String> glob(Checked pfs) {
    Optional<String> glob = pfs.text("glob");
    if (glob.isEmpty()) {
      missing(pfs, "glob", "which paths make a datum", "glob: /*");
      return Optional.empty();
    }
    return SpecReader.attempt(
            problems, pfs.placeOf("glob"), pfs.path("glob"), () -> Glob.parse(glob.get()))
        .map(parsed -> glob.get());
  }

  private void key(Checked pfs, String field, int captures) {
    Optional<String> template = pfs.text(field);
    if (template.isPresent()) {
      Optional<KeyTemplate> _ =
          SpecReader.attempt(
              problems,
              pfs.placeOf(field),
              pfs.path(field),
              () -> KeyTemplate.parse(field, template.get(), captures));
    }
  }

  private void missing(Checked pfs, String field, String expected, String example) {
    if (pfs.told().contains(field)) {
      return;
    }
    boolean empty = pfs.node(field).isPresent();
    problems.add(
        pfs.placeOf(field),
        "`%s` is %s, expected %s."
            .formatted(pfs.path(field), empty ? "empty" : "missing", expected),
        Optional.of("Write `%s`; `/` is the whole repo.".formatted(example))
            .filter(hint -> field.equals("glob")));
  }

  private boolean goodName(Checked pfs, String name) {
    Optional<String> rule = Optional.empty();
    if (Set.of("out", ".env", ".", "..").contains(name)) {
      rule = Optional.of("another name; that one has a meaning under `/pfs`");
    } else if (name.indexOf('/') >= 0 || name.indexOf('\0') >= 0 || name.indexOf('=') >= 0) {
      rule = Optional.of("a name without `/`, `=` and NUL");
    } else if (name.getBytes(StandardCharsets.UTF_8).length > LONGEST_NAME) {
      rule = Optional.of("a name of at most 255 bytes");
    }
    rule.ifPresent(expected ->
        problems.add(
            pfs.placeOf(pfs.text("name").isPresent() ? "name" : "repo"),
            "`%s` is `%s`, expected %s.".formatted(pfs.path("name"), Said.value(name), expected)));
    return rule.isEmpty();
  }
}
