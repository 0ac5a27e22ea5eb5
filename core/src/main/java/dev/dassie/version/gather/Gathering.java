package dev.dassie.version.gather;

import dev.dassie.fault.DassieException;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.Metadata;
import dev.dassie.metadata.Metadata.Row;
import dev.dassie.metadata.Unchanged;
import dev.dassie.version.Alarms;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Change;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.Files;
import dev.dassie.version.GatherRule;
import dev.dassie.version.GatherRule.Mode;
import dev.dassie.version.ReadView;
import dev.dassie.version.Ref;
import dev.dassie.version.Versions;
import dev.dassie.version.gather.GatherTable.Gathered;
import dev.dassie.version.multipart.Multiparts;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;

/// Makes commits of single writes, as the rule of the branch says. Writes that are gathered go into
/// an open commit, which is started with the first and finished
/// - when a key `_SUCCESS` was written, or nothing for the quiet time, but not while a multipart
///   upload to the branch is open or keys are there that say that a job is not done (`_temporary/`,
///   `__magic…`), and not while all that was written are markers of folders, with which jobs begin;
/// - when it has been open for the longest time, whatever is there;
/// - by whoever finishes it.
///
/// An open commit that somebody else started takes the writes, and is theirs to finish. What
/// gathers is noted in rows with an alarm, one for each branch that has such a commit: a server
/// that was away finishes what is due when it is back. Thread-safe.
public final class Gathering {
  /// The kind of alarm of branches that gather; named by the branch.
  public static final String ALARM = "gather";

  private static final System.Logger LOG = System.getLogger("dassie.gather");

  /// Keys that are looked for at once.
  private static final int BATCH = 100;

  /// Rules of branches that are written to.
  private static final int KEPT = 1000;

  private final Versions versions;
  private final Files files;
  private final Unchanged<BranchName, GatherRule> rules;

  /// When something was last written to a gathered commit. Where nothing is said, nothing was since
  /// the server started.
  private final Map<BranchName, Instant> written = new ConcurrentHashMap<>();

  public Gathering(Versions versions, Files files) {
    this.versions = versions;
    this.files = files;
    this.rules = new Unchanged<>(versions.metadata(), KEPT);
  }

  /// What a gathered commit waits for.
  ///
  /// @param since when it was started
  /// @param quiet when it is finished if nothing more is written; absent where somebody has to
  ///   finish it, or where something keeps it open
  /// @param latest when it is finished at the latest; absent where somebody has to finish it
  /// @param keptOpen what keeps it open, in words
  public record Waiting(
      CommitName commit,
      Instant since,
      Optional<Instant> quiet,
      Optional<Instant> latest,
      Optional<String> keptOpen) {
    /// All of it in a sentence.
    public String sentence() {
      String begin = "It gathers writes through S3 since %s; ".formatted(since);
      if (latest.isEmpty()) {
        return begin + "`dassie finish commit %s` finishes it.".formatted(commit);
      }
      String until =
          keptOpen
              .map(what -> "it stays open while " + what)
              .orElseGet(() ->
                  "it is finished at %s if nothing more is written"
                      .formatted(quiet.map(Instant::toString).orElse("")));
      return begin + until + ", at the latest at %s.".formatted(latest.get());
    }
  }

  /// How writes become commits of a branch.
  public GatherRule rule(BranchName branch) {
    return rules.get(branch, rows -> GatherTable.rule(rows, branch));
  }

  /// Sets that, of a branch of users' data. What gathers already goes by it from then on.
  public void set(Change change, BranchName branch, GatherRule rule) {
    Ref.Branch there = change.writtenByUsers(branch);
    Metadata.Writer rows = change.rows();
    if (rule.equals(GatherTable.rule(rows, branch))) {
      return;
    }
    rows.put(GatherRule.key(branch), rule.encode());
    if (GatherTable.gathered(rows, branch).isPresent()) {
      Alarms.set(rows, ALARM, branch.key(), Optional.of(change.now()));
    }
    change.changed(there, "s3_commits", rule.mode().word());
  }

  /// A writer whose commit is visible and durable when it returns, in a commit as the rule of the
  /// branch says. Refused as by [Files#write(Call, BranchName)].
  public FileWriter writer(Call call, BranchName branch) {
    FileWriter writer = files.write(call, branch);
    if (rule(branch).mode() != Mode.EACH) {
      writer.intoOpen(change -> start(change, branch));
    }
    Traces traces = new Traces();
    writer.watch(traces::see);
    writer.along(change -> {
      if (!traces.isEmpty()) {
        traces.write(change, branch);
      }
    });
    writer.after(commit -> landed(branch, commit, traces));
    return writer;
  }

  /// In the transaction that starts the commit.
  private static void start(Change change, BranchName branch) {
    Metadata.Writer rows = change.rows();
    GatherRule rule = GatherTable.rule(rows, branch);
    Gathered started = new Gathered(change.set(), change.now(), false);
    rows.put(GatherTable.gathered(branch), GatherTable.encode(started));
    Alarms.set(
        rows,
        ALARM,
        branch.key(),
        rule.mode() == Mode.MANUAL
            ? Optional.empty()
            : Optional.of(change.now().plus(rule.quiet())));
  }

  private void landed(BranchName branch, Commit commit, Traces traces) {
    if (!commit.isOpen()) {
      return;
    }
    written.put(branch, versions.clock().instant());
    if (traces.isSuccess()) {
      try {
        look(branch);
      } catch (DassieException e) {
        // What was written is there; the alarm of the branch finishes the commit.
        LOG.log(System.Logger.Level.WARNING, "{0}: {1}", branch, e.fault().message());
      }
    }
  }

  /// Looks whether the commit of a branch is to be finished now.
  public void ring(Alarms.Alarm alarm) {
    look(GatherTable.branch(alarm.name()));
  }

  /// What a branch has that gathers.
  private record Look(GatherRule rule, Gathered gathered, boolean open, boolean uploads) {}

  private Optional<Look> read(BranchName branch) {
    return versions
        .metadata()
        .read(rows ->
            GatherTable.gathered(rows, branch)
                .map(gathered ->
                    new Look(
                        GatherTable.rule(rows, branch),
                        gathered,
                        versions.isOpen(rows, gathered.in(branch)),
                        Multiparts.anyOpen(rows, branch))));
  }

  private void look(BranchName branch) {
    Optional<Look> found = read(branch);
    if (found.isEmpty() || !found.get().open()) {
      forget(branch, found.map(Look::gathered));
      return;
    }
    Optional<Instant> due = due(branch, found.get());
    if (due.isPresent() && !versions.clock().instant().isBefore(due.get())) {
      finish(branch, found.get().gathered());
    } else {
      ringAt(branch, found.get().gathered(), due);
    }
  }

  /// When the commit is to be finished, or looked at again; never where somebody has to do it.
  private Optional<Instant> due(BranchName branch, Look look) {
    if (look.rule().mode() == Mode.MANUAL) {
      return Optional.empty();
    }
    Instant now = versions.clock().instant();
    Instant latest = look.gathered().started().plus(look.rule().latest());
    Instant next;
    if (keptOpen(branch, look).isPresent()) {
      next = now.plus(look.rule().quiet());
    } else if (look.gathered().complete()) {
      next = now;
    } else {
      next = quiet(branch, look);
    }
    return Optional.of(next.isBefore(latest) ? next : latest);
  }

  private Instant quiet(BranchName branch, Look look) {
    Instant last = written.getOrDefault(branch, look.gathered().started());
    return last.plus(look.rule().quiet());
  }

  /// What keeps a commit open, in words.
  private Optional<String> keptOpen(BranchName branch, Look look) {
    if (look.uploads()) {
      return Optional.of("a multipart upload to the branch is not complete");
    }
    CommitName commit = look.gathered().in(branch);
    if (files.holdsMarkersAlone(commit)) {
      return Optional.of("it has nothing but markers of folders");
    }
    return unfinished(branch, commit)
        .map(key -> "the key `%s` says that a job is not done".formatted(key));
  }

  /// A key that says that somebody is not done. Notes of keys that are gone are taken away.
  private Optional<String> unfinished(BranchName branch, CommitName commit) {
    while (true) {
      List<Row> rows =
          versions
              .metadata()
              .read(all -> all.scan(GatherTable.UNFINISHED, branch.key() + "/", "", BATCH));
      if (rows.isEmpty()) {
        return Optional.empty();
      }
      ReadView view = versions.read(commit);
      List<Row> gone = new ArrayList<>();
      for (Row row : rows) {
        String key = GatherTable.key(row);
        if (isThere(view, key)) {
          return Optional.of(key);
        }
        gone.add(row);
      }
      boolean _ = versions.metadata().write(writer -> takeAway(writer, gone));
    }
  }

  private static boolean takeAway(Metadata.Writer rows, List<Row> gone) {
    gone.forEach(row -> rows.delete(new Metadata.Key(GatherTable.UNFINISHED, row.name())));
    return true;
  }

  private static boolean isThere(ReadView view, String key) {
    return key.endsWith("/")
        ? view.reader()
            .marker(view.files(), new FilePath(key.substring(0, key.length() - 1)))
            .isPresent()
        : view.reader().find(view.files(), new FilePath(key)).isPresent();
  }

  private void finish(BranchName branch, Gathered gathered) {
    try {
      Commit _ = files.finish(Call.SYSTEM, gathered.in(branch));
    } catch (DassieException e) {
      boolean open = versions.metadata().read(rows -> versions.isOpen(rows, gathered.in(branch)));
      if (open) {
        throw e;
      }
      // Somebody finished or deleted it just now.
    }
    forget(branch, Optional.of(gathered));
  }

  /// Takes the note of a commit away, unless another one gathers by now.
  private void forget(BranchName branch, Optional<Gathered> gathered) {
    boolean _ =
        versions
            .metadata()
            .write(rows -> {
              Optional<Gathered> now = GatherTable.gathered(rows, branch);
              if (now.isEmpty()
                  || now.map(Gathered::commit).equals(gathered.map(Gathered::commit))) {
                rows.delete(GatherTable.gathered(branch));
                Alarms.set(rows, ALARM, branch.key(), Optional.empty());
                written.remove(branch);
              }
              return true;
            });
  }

  private void ringAt(BranchName branch, Gathered gathered, Optional<Instant> at) {
    boolean _ =
        versions
            .metadata()
            .write(rows -> {
              Optional<Gathered> now = GatherTable.gathered(rows, branch);
              if (now.map(Gathered::commit).equals(Optional.of(gathered.commit()))) {
                Alarms.set(rows, ALARM, branch.key(), at);
              }
              return true;
            });
  }

  /// What the gathered commit of a branch waits for; nothing where it has none.
  public Optional<Waiting> waiting(BranchName branch) {
    return read(branch).filter(Look::open).map(look -> waiting(branch, look));
  }

  private Waiting waiting(BranchName branch, Look look) {
    boolean manual = look.rule().mode() == Mode.MANUAL;
    Optional<String> keptOpen = manual ? Optional.empty() : keptOpen(branch, look);
    Optional<Instant> quiet =
        manual || keptOpen.isPresent() ? Optional.empty() : Optional.of(quiet(branch, look));
    Optional<Instant> latest =
        manual
            ? Optional.empty()
            : Optional.of(look.gathered().started().plus(look.rule().latest()));
    return new Waiting(
        look.gathered().in(branch), look.gathered().started(), quiet, latest, keptOpen);
  }
}
