package dev.dassie.server.s3;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.version.Precondition;
import java.util.Optional;
import java.util.Set;
import java.util.function.Supplier;

/// What a write asks of its key (`If-Match`, `If-None-Match`), and how a refusal of it is told.
record WriteTerms(ObjectKey key, Optional<Precondition> condition, boolean match) {
  static WriteTerms read(Exchange exchange, ObjectKey key) {
    Optional<String> none = exchange.header("If-None-Match");
    Optional<String> match = exchange.header("If-Match");
    if (none.isPresent() && match.isPresent()) {
      throw notServed("If-Match` beside `If-None-Match");
    }
    if (none.filter(value -> !value.strip().equals("*")).isPresent()) {
      throw notServed("If-None-Match` with anything but `*");
    }
    Optional<Precondition.Want> want =
        none.<Precondition.Want>map(_ -> new Precondition.Absent())
            .or(() -> match.map(WriteTerms::want));
    return new WriteTerms(
        key,
        want.map(there -> new Precondition(key.path(), key.isFolder(), there)),
        match.isPresent());
  }

  private static Precondition.Want want(String header) {
    String tag = Conditions.plain(header);
    return tag.equals("*") ? new Precondition.Present() : new Precondition.Etag(Set.of(tag), false);
  }

  private static Refusal notServed(String what) {
    return new Refusal(
        Code.NOT_IMPLEMENTED,
        "A header you provided implies functionality that is not served: `%s`.".formatted(what));
  }

  /// Runs a write; what the core refuses of it becomes what S3 says in its place.
  <T> T run(Supplier<T> write) {
    try {
      return write.get();
    } catch (DassieException e) {
      throw switch (e.fault()) {
        case Fault.PreconditionFailed failed when match && !failed.there() ->
            ObjectView.missing(key.text());
        case Fault.PreconditionFailed _ ->
            ObjectReads.failed().with("Condition", match ? "If-Match" : "If-None-Match");
        case Fault.Conflict conflict ->
            new Refusal(Code.KEY_CONFLICT, conflict.message())
                .with("Key", Refusal.shortened(key.text()));
        default -> e;
      };
    }
  }
}
