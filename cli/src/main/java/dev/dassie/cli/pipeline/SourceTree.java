package dev.dassie.cli.pipeline;

import dev.dassie.cli.file.Tar;
import dev.dassie.cli.file.Tree;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// The files of a source directory that belong to the code: within a git work tree those that git
/// tracks or would track; elsewhere all but what a `.gitignore` names.
///
/// @param files paths within the folder, in order, so that equal trees give equal tars
record SourceTree(Path folder, List<String> files, Optional<Git> git, Consumer<String> skipped) {
  private static final int GIT_OUTPUT_MAX = 64 << 20;

  /// What git says about the folder.
  ///
  /// @param dirty whether files in the folder differ from the commit
  record Git(String commit, boolean dirty) {}

  static SourceTree of(Path folder, Consumer<String> skipped)
      throws IOException, InterruptedException {
    Optional<String> listed =
        git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard");
    List<String> files = listed.isPresent() ? names(listed.get()) : walked(folder);
    List<String> present =
        files.stream()
            .filter(name -> Files.exists(folder.resolve(name), LinkOption.NOFOLLOW_LINKS))
            .filter(name -> !Files.isDirectory(folder.resolve(name)))
            .distinct()
            .sorted()
            .toList();
    Optional<String> commit = listed.flatMap(any -> head(folder));
    Optional<Git> facts = Optional.empty();
    if (commit.isPresent()) {
      String changes = git(folder, "status", "--porcelain", "--", ".").orElse("unknown");
      facts = Optional.of(new Git(commit.get(), !changes.isBlank()));
    }
    return new SourceTree(folder, present, facts, skipped);
  }

  /// Gives the files in order.
  void each(Tar.Receiver receiver) throws IOException {
    for (String name : files) {
      Optional<Tar.Member> member = Tree.member(folder.resolve(name), name, skipped);
      if (member.isPresent()) {
        receiver.accept(member.get());
      }
    }
  }

  private static Optional<String> head(Path folder) {
    try {
      return git(folder, "rev-parse", "HEAD")
          .map(String::strip)
          .filter(id -> id.matches("[0-9a-f]{40,64}"));
    } catch (IOException e) {
      return Optional.empty();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      return Optional.empty();
    }
  }

  private static List<String> names(String listed) {
    return Stream.of(listed.split("\0")).filter(name -> !name.isEmpty()).toList();
  }

  private static List<String> walked(Path folder) throws IOException {
    List<String> files = new ArrayList<>();
    IgnoreRules.walk(folder, files::add);
    return files;
  }

  /// What git prints; empty when there is no git, or the folder is in no work tree of its.
  private static Optional<String> git(Path folder, String... arguments)
      throws IOException, InterruptedException {
    List<String> command = new ArrayList<>(List.of("git", "-C", folder.toString()));
    command.addAll(List.of(arguments));
    Process process;
    try {
      process =
          new ProcessBuilder(command)
              .redirectError(ProcessBuilder.Redirect.DISCARD)
              .redirectInput(ProcessBuilder.Redirect.from(Path.of("/dev/null").toFile()))
              .start();
    } catch (IOException e) {
      return Optional.empty();
    }
    byte[] output = process.getInputStream().readNBytes(GIT_OUTPUT_MAX);
    return process.waitFor() == 0
        ? Optional.of(new String(output, StandardCharsets.UTF_8))
        : Optional.empty();
  }
}
