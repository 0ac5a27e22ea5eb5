package dev.dassie.version;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.NavigableMap;
import java.util.Optional;
import java.util.Random;
import java.util.TreeMap;
import java.util.function.Predicate;

/// Draws the steps of a seed. Most of them are possible when they are drawn; some are to be
/// refused.
final class StepSource {
  static final List<String> REPOS = List.of("images", "labels", "edges", "montage");
  private static final List<String> INPUTS = List.of("images", "labels");

  private final Random random;

  StepSource(Random random) {
    this.random = random;
  }

  Step next(String name, Picture picture) {
    return switch (random.nextInt(18)) {
      case 0, 1, 2, 3, 4 -> put(name, picture);
      case 5 -> group(name, picture);
      case 6, 7, 8 -> end(name, picture);
      case 9, 10 -> transaction(name, picture);
      default -> quick(name, picture);
    };
  }

  /// A step that is one transaction and stores no files.
  Step quick(String name, Picture picture) {
    return switch (random.nextInt(14)) {
      case 0, 1, 2, 3 -> new Step.Start(name, branch());
      case 4, 5, 6 -> new Step.MoveHead(name, branch(), commit(picture, commit -> true));
      case 7, 8 -> wire(name);
      case 9 -> new Step.Tag(name, pick(REPOS) + "@v" + random.nextInt(3), Optional.empty());
      case 10 -> tag(name, picture);
      case 11 -> new Step.DeleteBranch(name, branch());
      case 12 -> new Step.CreateRepo(name, pick(REPOS));
      default -> random.nextInt(3) == 0 ? new Step.DeleteRepo(name, pick(REPOS)) : wire(name);
    };
  }

  private Step tag(String name, Picture picture) {
    String target = commit(picture, commit -> true);
    String repo = target.substring(0, target.indexOf('/'));
    return new Step.Tag(name, repo + "@v" + random.nextInt(3), Optional.of(target));
  }

  private Step end(String name, Picture picture) {
    return new EndStep(name, commit(picture, Picture.Known::open), random.nextInt(5) == 0);
  }

  /// Two or three parts, in both repos that users write to, each branch once.
  private Step transaction(String name, Picture picture) {
    List<TransactionStep.Part> parts = new ArrayList<>();
    if (random.nextInt(3) == 0) {
      for (int i = 1 + random.nextInt(2); i > 0; i--) {
        String open = commit(picture, commit -> commit.open() && !commit.output());
        parts.add(new TransactionStep.Part(Optional.empty(), Optional.of(open)));
      }
      return new TransactionStep(name, parts);
    }
    int first = random.nextInt(3);
    for (int i = 0; i < 2 + random.nextInt(2); i++) {
      String repo = INPUTS.get(i % 2);
      String branch = repo + "@b" + (first + i) % 3;
      Optional<String> target =
          random.nextBoolean()
              ? Optional.empty()
              : Optional.of(commit(picture, commit -> commit.repo().equals(repo)));
      parts.add(new TransactionStep.Part(Optional.of(branch), target));
    }
    return new TransactionStep(name, parts);
  }

  private Step wire(String name) {
    boolean first = random.nextBoolean();
    List<String> sources =
        first ? List.of("images@b0", "labels@b1") : List.of("edges@master", "images@b1");
    return new Step.Wire(
        name, Step.PIPELINES.get(first ? 0 : 1), random.nextInt(5) == 0 ? List.of() : sources);
  }

  PutStep put(String name, Picture picture) {
    int count =
        switch (random.nextInt(40)) {
          case 0 -> 260 + random.nextInt(60);
          case 1, 2 -> 100 + random.nextInt(150);
          default -> 1 + random.nextInt(5);
        };
    String branch =
        random.nextInt(12) == 0 ? "edges@master" : pick(INPUTS) + "@b" + random.nextInt(3);
    return put(name, branch, count, count > 5, picture);
  }

  private PutStep put(String name, String branch, int count, boolean small, Picture picture) {
    List<PutStep.Operation> operations = new ArrayList<>();
    for (int i = 0; i < count; i++) {
      operations.add(operation(picture, small));
    }
    return new PutStep(name, branch, operations);
  }

  /// Two to five small writes of one branch.
  private Step group(String name, Picture picture) {
    String branch = pick(INPUTS) + "@b" + random.nextInt(3);
    List<PutStep> members = new ArrayList<>();
    for (int i = 2 + random.nextInt(4); i > 0; i--) {
      members.add(put(name + "-" + i, branch, 1 + random.nextInt(4), true, picture));
    }
    return new GroupStep(name, members);
  }

  private PutStep.Operation operation(Picture picture, boolean small) {
    String path =
        random.nextBoolean()
            ? "f" + random.nextInt(10)
            : "d" + random.nextInt(3) + "/f" + random.nextInt(9);
    return switch (random.nextInt(12)) {
      case 0 -> new PutStep.Operation(path, false, Optional.empty(), Optional.empty());
      case 1 ->
          new PutStep.Operation("d" + random.nextInt(3), false, Optional.empty(), Optional.empty());
      case 2, 3 -> new PutStep.Operation(path, true, Optional.of(bytes(small)), Optional.empty());
      case 4 -> copy(picture);
      default -> new PutStep.Operation(path, false, Optional.of(bytes(small)), Optional.empty());
    };
  }

  private PutStep.Operation copy(Picture picture) {
    String from =
        commit(
            picture,
            commit ->
                commit.finished()
                    && commit.files().keySet().stream().anyMatch(file -> file.startsWith("d0/")));
    Picture.Known found = picture.commits.get(from);
    NavigableMap<String, String> files = new TreeMap<>();
    if (found != null && found.finished()) {
      found
          .files()
          .subMap("d0/", true, "d0/\uffff", false)
          .forEach((path, bytes) -> files.put(path.substring("d0/".length()), bytes));
    }
    return new PutStep.Operation(
        "g" + random.nextInt(2),
        false,
        Optional.empty(),
        files.isEmpty() ? Optional.empty() : Optional.of(new PutStep.Source(from, files)));
  }

  /// Inline, one chunk, or seldom several.
  private String bytes(boolean small) {
    int kind = random.nextInt(small ? 300 : 60);
    int length =
        kind == 0 && !small
            ? 270_000 + random.nextInt(200_000)
            : kind < 25 ? 129 + random.nextInt(3000) : random.nextInt(100);
    byte[] bytes = new byte[length];
    random.nextBytes(bytes);
    if (random.nextInt(3) == 0) {
      Arrays.fill(bytes, 0, length / 2, (byte) 'a');
    }
    return new String(bytes, java.nio.charset.StandardCharsets.ISO_8859_1);
  }

  private String branch() {
    return random.nextInt(8) == 0 ? pick(Step.PIPELINES) : pick(INPUTS) + "@b" + random.nextInt(3);
  }

  /// A commit that is there, if there is one like that.
  private String commit(Picture picture, Predicate<Picture.Known> wanted) {
    List<String> found =
        picture.commits.entrySet().stream()
            .filter(commit ->
                !commit.getValue().state().equals("stub") && wanted.test(commit.getValue()))
            .map(java.util.Map.Entry::getKey)
            .toList();
    return found.isEmpty() ? "images/none" : pick(found);
  }

  private <T> T pick(List<T> values) {
    return values.get(random.nextInt(values.size()));
  }

  /// What a power cut or a careless hand does to the index, which is a cache: nothing, a segment
  /// that is cut short, damaged or gone, or all of it gone.
  void spoilIndex(Path folder) {
    int kind = random.nextInt(8);
    if (kind > 3) {
      return;
    }
    List<Path> segments = new ArrayList<>();
    try (DirectoryStream<Path> files = java.nio.file.Files.newDirectoryStream(folder)) {
      files.forEach(segments::add);
      segments.sort(null);
      for (Path segment : segments) {
        byte[] bytes = java.nio.file.Files.readAllBytes(segment);
        if (kind == 3 && bytes.length > 0) {
          bytes[random.nextInt(bytes.length)] ^= 1;
          java.nio.file.Files.write(segment, bytes);
        } else if (kind == 2) {
          java.nio.file.Files.write(
              segment, Arrays.copyOf(bytes, random.nextInt(bytes.length + 1)));
        } else if (kind == 1 || random.nextBoolean()) {
          java.nio.file.Files.delete(segment);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
