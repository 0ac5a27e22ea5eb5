package dev.dassie.cli.command;

import dev.dassie.api.Request;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How much of a list is wanted; without either option, all of it.
public final class Paging {
  @Option(names = "--limit", paramLabel = "N", description = "At most N items, and where to go on.")
  private Optional<Integer> limit = Optional.empty();

  @Option(names = "--cursor", paramLabel = "CURSOR", description = "Go on where a list left off.")
  private Optional<String> cursor = Optional.empty();

  /// Whether one page is wanted rather than the whole list.
  public boolean onePage() {
    return limit.isPresent() || cursor.isPresent();
  }

  public Request on(Request request) {
    return request.with("limit", limit.map(String::valueOf)).with("cursor", cursor);
  }
}
