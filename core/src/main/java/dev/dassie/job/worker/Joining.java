package dev.dassie.job.worker;

import dev.dassie.fault.Fault;
import java.util.Optional;
import java.util.regex.Pattern;

/// What a worker says of itself when it joins.
///
/// @param name for people, such as `host-1234`
/// @param build of its program: it must be that of the server
/// @param executor how it runs code: `process`
/// @param sandbox how it keeps datums apart
/// @param platform `linux amd64`
/// @param store the id of the object store that it reads and writes
/// @param slots datums that it runs at once
public record Joining(
    String name,
    String build,
    String executor,
    String sandbox,
    String platform,
    String store,
    int slots) {
  private static final Pattern NAME = Pattern.compile("[A-Za-z0-9][A-Za-z0-9._-]{0,62}");

  /// Refuses what cannot take part, in a sentence.
  void check(Joining server, Terms terms) {
    if (!NAME.matcher(name).matches()) {
      throw new Fault.Invalid(
              "The name of the worker",
              name.substring(0, Math.min(80, name.length())),
              "1 to 63 of `A-Za-z0-9._-`")
          .asException();
    }
    same("is of the build", build, server.build, "Start it from the installation of the server.");
    same("runs code by", executor, server.executor, "`executor` of the server says how.");
    same("has the sandbox", sandbox, server.sandbox, "`--sandbox` of the worker chooses another.");
    same("has the store", store, server.store, "`--store` of the worker chooses another.");
    if (slots < 1 || slots > terms.slots()) {
      throw new Fault.Invalid(
              "`slots`", Integer.toString(slots), "a number from 1 to " + terms.slots())
          .asException();
    }
  }

  private void same(String what, String mine, String servers, String hint) {
    if (!mine.equals(servers)) {
      throw new Fault.Conflict(
              "The worker `%s` %s `%s`, and the server `%s`: it cannot take part."
                  .formatted(name, what, mine, servers),
              Optional.of(hint))
          .asException();
    }
  }
}
