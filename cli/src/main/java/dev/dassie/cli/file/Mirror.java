package dev.dassie.cli.file;

import dev.dassie.api.Address;
import dev.dassie.api.Lines;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.api.Reply;
import dev.dassie.api.Request;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/// What a directory of a branch must be told to be as a local one: files to put, and paths to
/// delete. Files that the server has are found by their hashes and not sent. Holds the differences,
/// not the trees.
///
/// @param commit the commit that it was compared with; `none` where there is none
/// @param same files that are on both sides
record Mirror(String commit, List<Tar.Member> changes, long same) {
  long deleted() {
    return changes.stream().filter(Tar.Member::deleted).count();
  }

  /// Compares `local` with the directory `prefix` of the branch: empty for the root, else with a
  /// slash at its end.
  static Mirror between(Session session, Address to, Path local, String prefix)
      throws IOException, InterruptedException {
    Optional<String> commit = shown(session, to);
    Address there = commit.map(to::withCommit).orElse(to);
    Optional<Lines> lines = commit.isEmpty() ? Optional.empty() : walk(session, there, prefix);
    try {
      Comparison comparison = new Comparison(session, there, lines);
      Tree.sorted(local, prefix, session::say, comparison::local);
      comparison.rest();
      return new Mirror(commit.orElse("none"), comparison.changes, comparison.same);
    } finally {
      if (lines.isPresent()) {
        lines.get().close();
      }
    }
  }

  /// The commit that a read of the branch shows.
  static Optional<String> shown(Session session, Address to)
      throws IOException, InterruptedException {
    Request root = Request.get(to.commitUrl() + "/files/inspect").with("path", "/");
    try (Reply reply = session.api().open(root)) {
      return reply.commit();
    } catch (ProblemException e) {
      if (e.problem().code().equals(Problem.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Empty where there is nothing at the path.
  private static Optional<Lines> walk(Session session, Address there, String prefix)
      throws IOException, InterruptedException {
    Request all = Request.get(there.commitUrl() + "/walk").with("path", "/" + prefix);
    try {
      return Optional.of(session.api().lines(all));
    } catch (ProblemException e) {
      if (e.problem().code().equals(Problem.NOT_FOUND)) {
        return Optional.empty();
      }
      throw e;
    }
  }

  /// Two lists in the same order, side by side.
  private static final class Comparison {
    private final Session session;
    private final Address there;
    private final Optional<Lines> lines;
    private final List<Tar.Member> changes = new ArrayList<>();
    private Optional<JsonNode> remote;
    private long same;

    Comparison(Session session, Address there, Optional<Lines> lines) throws IOException {
      this.session = session;
      this.there = there;
      this.lines = lines;
      this.remote = lines.isPresent() ? lines.get().next() : Optional.empty();
    }

    void local(Tar.Member member) throws IOException {
      int order = order(member.name());
      while (order < 0) {
        delete();
        order = order(member.name());
      }
      if (order == 0) {
        JsonNode file = remote.orElseThrow();
        advance();
        if (isSame(file, member)) {
          same++;
          return;
        }
      }
      changes.add(member);
    }

    /// Where the remote file at hand stands: before the local one (below 0), at it, or behind.
    private int order(String name) {
      return remote.isEmpty()
          ? 1
          : Arrays.compareUnsigned(
              name(remote.get()).getBytes(StandardCharsets.UTF_8),
              name.getBytes(StandardCharsets.UTF_8));
    }

    void rest() throws IOException {
      while (remote.isPresent()) {
        delete();
      }
    }

    private void delete() throws IOException {
      changes.add(Tar.Member.deletion(name(remote.orElseThrow())));
      advance();
    }

    private void advance() throws IOException {
      remote = lines.orElseThrow().next();
    }

    private static String name(JsonNode file) {
      return file.path("path").asString("").substring(1);
    }

    private boolean isSame(JsonNode file, Tar.Member member) throws IOException {
      if (file.path("size_bytes").longValue() != member.size()
          || file.path("executable").booleanValue() != member.executable()) {
        return false;
      }
      String hash = file.path("hash").asString("");
      return hash.startsWith(SameBytes.IN_CHUNKS)
          ? SameBytes.inChunks(session, there, file.path("path").asString(""), member.file())
          : hash.equals(SameBytes.sha256(member.file()));
    }
  }
}
