package dev.dassie.server.s3.protocol;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/// The query of a URL, decoded, in its order.
public record Query(List<Parameter> parameters) {
  private static final int PARAMETERS_MAX = 100;
  private static final Query NONE = new Query(List.of());

  public Query {
    parameters = List.copyOf(parameters);
  }

  /// One parameter; without `=` the value is empty.
  public record Parameter(String name, String value) {}

  public static Query parse(String raw) {
    if (raw.isEmpty()) {
      return NONE;
    }
    List<Parameter> parameters = new ArrayList<>();
    for (String pair : raw.split("&", -1)) {
      int equals = pair.indexOf('=');
      String name = Encoding.decode(equals < 0 ? pair : pair.substring(0, equals), true);
      String value = equals < 0 ? "" : Encoding.decode(pair.substring(equals + 1), true);
      if (!pair.isEmpty()) {
        parameters.add(new Parameter(name, value));
      }
      if (parameters.size() > PARAMETERS_MAX) {
        throw new Refusal(Code.INVALID_URI, "The query has more than 100 parameters.");
      }
    }
    return new Query(parameters);
  }

  public boolean has(String name) {
    return get(name).isPresent();
  }

  /// The first of a name.
  public Optional<String> get(String name) {
    for (Parameter parameter : parameters) {
      if (parameter.name().equals(name)) {
        return Optional.of(parameter.value());
      }
    }
    return Optional.empty();
  }

  /// The first of a name, unless it is empty.
  public Optional<String> text(String name) {
    return get(name).filter(value -> !value.isEmpty());
  }

  /// A whole number within limits, else `InvalidArgument`.
  public long number(String name, long least, long most, long fallback) {
    Optional<String> value = text(name);
    if (value.isEmpty()) {
      return fallback;
    }
    if (value.get().matches("[0-9]{1,18}")) {
      long number = Long.parseLong(value.get());
      if (number >= least && number <= most) {
        return number;
      }
    }
    throw Refusal.argument(
        name, value.get(), "a whole number from %d to %d".formatted(least, most));
  }
}
