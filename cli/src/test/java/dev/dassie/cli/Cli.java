package dev.dassie.cli;

import dev.dassie.cli.command.Surroundings;
import dev.dassie.cli.terminal.Terminal;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;

/// One run of the command line in this process, and what it printed.
record Cli(int code, String out, String err) {
  static Cli run(Path folder, Map<String, String> variables, String... words) {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    ByteArrayOutputStream err = new ByteArrayOutputStream();
    Terminal terminal =
        new Terminal(
            new PrintStream(out, false, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            out,
            false,
            false);
    Surroundings surroundings =
        new Surroundings(variables, folder, new ByteArrayInputStream(new byte[0]), "ann");
    int code = Main.run(List.of(words), terminal, surroundings);
    return new Cli(
        code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
  }
}
