package dev.dassie.server.spec;

import dev.dassie.pipeline.Transform;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/// Reads `transform`.
final class Transforms {
  private static final int MOST_EXIT_CODE = 255;

  private final FieldCheck check;
  private final Problems problems;

  Transforms(FieldCheck check, Problems problems) {
    this.check = check;
    this.problems = problems;
  }

  Optional<Transform> read(Checked root) {
    List<Known> fields = SpecFields.of("transform");
    Optional<Node> node = root.node("transform");
    if (node.isEmpty()) {
      if (root.lacks("transform")) {
        problems.add(
            root.place(),
            "`transform` is missing, expected the code to run.",
            Optional.of("Write `transform: {cmd: [python3, my.py], source: ./dir}`."));
      }
      return Optional.empty();
    }
    Checked transform = check.mapping(node.get(), fields, "transform");
    command(transform);
    variables(transform);
    exitCodes(transform);
    noNul(transform, "stdin", "errCmd", "errStdin", "source", "workingDir", "user");
    return Optional.of(
        new Transform(
            transform.texts("cmd"),
            transform.texts("stdin"),
            transform.map("env"),
            transform.text("source"),
            transform.text("workingDir"),
            transform.wholes("acceptReturnCode"),
            transform.texts("errCmd"),
            transform.texts("errStdin"),
            network(transform),
            transform.text("image"),
            transform.text("user"),
            new SecretUses(check, problems).read(transform)));
  }

  private void command(Checked transform) {
    List<String> cmd = transform.texts("cmd");
    if (cmd.isEmpty()) {
      if (!transform.told().contains("cmd")) {
        problems.add(
            transform.placeOf("cmd"),
            "`transform.cmd` is missing, expected the program to run and its arguments.",
            Optional.of("Write `cmd: [python3, my.py]`."));
      }
    } else if (cmd.getFirst().isEmpty()) {
      problems.add(
          transform.placeOf("cmd"), "`transform.cmd[0]` is empty, expected the program to run.");
    }
    noNul(transform, "cmd");
  }

  private void noNul(Checked transform, String... names) {
    for (String name : names) {
      boolean nul =
          transform.texts(name).stream().anyMatch(text -> text.indexOf('\0') >= 0)
              || transform.text(name).orElse("").indexOf('\0') >= 0;
      if (nul) {
        problems.add(
            transform.placeOf(name),
            "`%s` holds a NUL character, expected text without it."
                .formatted(transform.path(name)));
      }
    }
  }

  private void variables(Checked transform) {
    for (Map.Entry<String, String> variable : transform.map("env").entrySet()) {
      String name = variable.getKey();
      if (name.isEmpty() || name.indexOf('=') >= 0 || name.indexOf('\0') >= 0) {
        problems.add(
            transform.placeOf("env"),
            "`transform.env` has the name `%s`, expected one that is not empty, without `=` and NUL."
                .formatted(Said.value(name)));
      }
      if (variable.getValue().indexOf('\0') >= 0) {
        problems.add(
            transform.placeOf("env"),
            "`transform.env.%s` holds a NUL character, expected text without it."
                .formatted(Said.value(name)));
      }
    }
  }

  private void exitCodes(Checked transform) {
    for (int code : transform.wholes("acceptReturnCode")) {
      if (code < 0 || code > MOST_EXIT_CODE) {
        problems.add(
            transform.placeOf("acceptReturnCode"),
            "`transform.acceptReturnCode` has `%d`, expected exit codes from 0 to 255."
                .formatted(code));
      }
    }
  }

  private Transform.Network network(Checked transform) {
    String text = transform.text("network").orElse("host");
    return switch (text) {
      case "host" -> Transform.Network.HOST;
      case "none" -> Transform.Network.NONE;
      default -> {
        problems.add(
            transform.placeOf("network"),
            "`transform.network` is `%s`, expected `host` or `none`.".formatted(Said.value(text)));
        yield Transform.Network.HOST;
      }
    };
  }
}
