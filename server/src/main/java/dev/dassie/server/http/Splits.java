package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.fileset.split.Split;
import java.util.List;
import java.util.Optional;

/// Reads how a file is to be split.
final class Splits {
  static final Route.Parameter[] PARAMETERS = {
    new Route.Parameter(
        "split",
        Route.Type.TEXT,
        "`line`, `csv` or `json`: cut into parts, files in a directory at the path."),
    new Route.Parameter(
        "header", Route.Type.NUMBER, "Records at the start that every part begins with."),
    new Route.Parameter("delimiter", Route.Type.TEXT, "Between fields of CSV; `,` unless given."),
    new Route.Parameter(
        "target_bytes", Route.Type.NUMBER, "A part ends with the record that reaches this."),
    new Route.Parameter(
        "target_rows", Route.Type.NUMBER, "A part ends when it has as many records."),
  };

  private Splits() {}

  static Optional<Split> read(Exchange exchange) {
    Optional<String> form = exchange.text("split");
    if (form.isEmpty()) {
      for (Route.Parameter parameter : PARAMETERS) {
        if (exchange.text(parameter.name()).isPresent()) {
          throw new Fault.Invalid(
                  "The query parameter", parameter.name(), "`split` beside it to be of use")
              .asException();
        }
      }
      return Optional.empty();
    }
    return Optional.of(
        new Split(
            form(form.get()),
            delimiter(exchange.text("delimiter")),
            (int) exchange.number("header", 0, 1000, 0),
            exchange.number("target_bytes", 1, Long.MAX_VALUE, 0),
            exchange.number("target_rows", 1, Long.MAX_VALUE, 0)));
  }

  private static Split.Form form(String name) {
    return switch (name) {
      case "line" -> Split.Form.LINE;
      case "csv" -> Split.Form.CSV;
      case "json" -> Split.Form.JSON;
      default ->
          throw new Fault.Invalid(
                  "The query parameter `split`",
                  name,
                  "`line`, `csv` or `json`",
                  Nearest.hint(name, List.of("line", "csv", "json")))
              .asException();
    };
  }

  private static char delimiter(Optional<String> given) {
    if (given.isPresent() && given.get().length() != 1) {
      throw new Fault.Invalid("The delimiter", given.get(), "one ASCII character").asException();
    }
    return given.map(text -> text.charAt(0)).orElse(Split.COMMA);
  }
}
