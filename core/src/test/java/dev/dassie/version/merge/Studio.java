package dev.dassie.version.merge;

import dev.dassie.fileset.Edit;
import dev.dassie.fileset.Entry;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.version.Ancestry;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.Commit;
import dev.dassie.version.CommitName;
import dev.dassie.version.FileWriter;
import dev.dassie.version.ReadView;
import dev.dassie.version.RepoName;
import dev.dassie.version.World;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// One repo with branches of small text files.
final class Studio {
  static final RepoName REPO = new RepoName("default", "r");

  final World world;
  final Merges merges;
  final Ancestry ancestry;

  Studio(Path folder) {
    this.world = new World(folder);
    this.merges = new Merges(world.versions);
    this.ancestry = new Ancestry(world.versions);
    world.versions.change(World.ANN, change -> change.createRepo(REPO, ""));
  }

  static BranchName name(String branch) {
    return new BranchName(REPO, branch);
  }

  void branch(String branch, String at) {
    CommitName head = head(at);
    world.versions.change(
        World.ANN,
        change ->
            change.createBranch(name(branch), Optional.of(head), List.of(), Optional.empty()));
  }

  void start(String branch) {
    world.versions.change(World.ANN, change -> change.startCommit(name(branch)));
  }

  /// Paths and texts by turns; null deletes.
  Commit put(String branch, @Nullable String... pairs) {
    try (FileWriter writer = world.files.write(World.ANN, name(branch))) {
      for (int i = 0; i < pairs.length; i += 2) {
        FilePath path = FilePath.parse(String.valueOf(pairs[i]));
        String text = pairs[i + 1];
        if (text == null) {
          writer.delete(path);
        } else {
          var _ = writer.put(path, false, bytes(text), false, Optional.empty());
        }
      }
      return writer.commit();
    }
  }

  void putTyped(String branch, String path, String text, String type) {
    try (FileWriter writer = world.files.write(World.ANN, name(branch))) {
      var _ = writer.put(FilePath.parse(path), false, bytes(text), false, Optional.of(type));
      writer.commit();
    }
  }

  Commit mark(String branch, String directory, boolean there) {
    try (FileWriter writer = world.files.write(World.ANN, name(branch))) {
      if (there) {
        writer.mark(new FilePath(directory), FileAttributes.NONE);
      } else {
        writer.unmark(new FilePath(directory));
      }
      return writer.commit();
    }
  }

  List<String> markers(String place) {
    ReadView view = world.versions.read(REPO, place);
    List<String> markers = new ArrayList<>();
    view.reader()
        .described(view.files(), FilePath.ROOT)
        .forEachRemaining(edit -> {
          if (edit instanceof Edit.Mark) {
            markers.add(edit.path().value());
          }
        });
    return markers;
  }

  private static InputStream bytes(String text) {
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8));
  }

  CommitName head(String place) {
    return world.versions.resolve(REPO, place).name();
  }

  Outcome merge(String from, String into, Choices choices) {
    return merge(World.ANN, from, into, choices);
  }

  Outcome merge(Call call, String from, String into, Choices choices) {
    return merges.merge(call, name(into), head(from), from, choices);
  }

  Outcome revert(String branch, Commit undone, Choices choices) {
    return merges.revert(World.ANN, name(branch), undone.name(), choices);
  }

  List<String> steps(String from, String into) {
    List<String> steps = new ArrayList<>();
    merges
        .plan(name(into), head(from), Choices.NONE)
        .steps()
        .forEachRemaining(step ->
            steps.add(
                step.path()
                    + " "
                    + step.conflict().map(String::valueOf).orElse("-")
                    + " "
                    + step.side().map(String::valueOf).orElse("-")));
    return steps;
  }

  List<String> conflicts(String from, String into) {
    return steps(from, into).stream()
        .filter(step -> step.endsWith(" -"))
        .map(step -> step.substring(0, step.length() - 2))
        .toList();
  }

  List<Commit> history(String place) {
    return world.versions.history(head(place), commit -> true, "", 1000).items();
  }

  Optional<String> contentType(String place, String path) {
    ReadView view = world.versions.read(REPO, place);
    return view.reader().contentType(view.files(), FilePath.parse(path));
  }

  /// All files with their texts.
  Map<String, String> read(String place) {
    ReadView view = world.versions.read(REPO, place);
    Map<String, String> files = new TreeMap<>();
    view.reader()
        .walk(view.files(), FilePath.ROOT, Optional.empty())
        .forEachRemaining(file -> files.put(file.path().toString(), text(view, file)));
    return files;
  }

  private static String text(ReadView view, Entry.File file) {
    try (InputStream in = view.reader().open(file.body())) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
