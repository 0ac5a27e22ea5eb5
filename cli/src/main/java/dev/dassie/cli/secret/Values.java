package dev.dassie.cli.secret;

import dev.dassie.api.Json;
import dev.dassie.api.Problem;
import dev.dassie.api.ProblemException;
import dev.dassie.cli.command.Session;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Optional;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import tools.jackson.databind.node.ObjectNode;

/// Where the values of a secret come from: a manifest as for Kubernetes, or the command line.
final class Values {
  private static final int LARGEST = 4 << 20;

  @Parameters(arity = "0..1", paramLabel = "NAME", description = "Its name, without `-f`.")
  private Optional<String> name = Optional.empty();

  @Option(
      names = {"-f", "--file"},
      paramLabel = "FILE",
      description = "A Kubernetes manifest of the secret, JSON or YAML; `-` is standard input.")
  private Optional<String> file = Optional.empty();

  @Option(
      names = "--from-literal",
      paramLabel = "KEY=VALUE",
      description = "A value; other users of this machine may see it while the command runs.")
  private List<String> literals = new ArrayList<>();

  @Option(
      names = "--from-file",
      paramLabel = "[KEY=]PATH",
      description = "A value in a file; its name is the key unless one is given.")
  private List<String> files = new ArrayList<>();

  /// The manifest to send.
  String manifest(Session session) throws IOException {
    boolean listed = !literals.isEmpty() || !files.isEmpty();
    if (file.isPresent() == (listed || name.isPresent())) {
      throw refusal(
          "A secret comes from `-f FILE`, or from a name with `--from-literal` or `--from-file`.");
    }
    if (file.isPresent()) {
      return text(session, file.get());
    }
    if (name.isEmpty() || !listed) {
      throw refusal(
          name.isEmpty() ? "The name of the secret is missing." : "The secret has no values.");
    }
    ObjectNode secret = Json.object().put("apiVersion", "v1").put("kind", "Secret");
    secret.putObject("metadata").put("name", name.get());
    values(session, secret.putObject("data"));
    return Json.compact(secret);
  }

  private void values(Session session, ObjectNode data) throws IOException {
    for (String literal : literals) {
      int sign = literal.indexOf('=');
      if (sign < 1) {
        throw refusal("`--from-literal` needs `KEY=VALUE`.");
      }
      String value = literal.substring(sign + 1);
      put(data, literal.substring(0, sign), value.getBytes(StandardCharsets.UTF_8));
    }
    for (String typed : files) {
      int sign = typed.indexOf('=');
      Path path = session.file(typed.substring(sign + 1));
      String key = sign < 0 ? String.valueOf(path.getFileName()) : typed.substring(0, sign);
      try (InputStream in = Files.newInputStream(path)) {
        put(data, key, limited(in, path.toString()));
      }
    }
  }

  private static void put(ObjectNode data, String key, byte[] value) {
    if (data.has(key)) {
      throw refusal("The key `%s` is given twice.".formatted(key));
    }
    data.put(key, Base64.getEncoder().encodeToString(value));
  }

  private static String text(Session session, String typed) throws IOException {
    try (InputStream in =
        typed.equals("-") ? session.input() : Files.newInputStream(session.file(typed))) {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(limited(in, typed)))
          .toString();
    } catch (CharacterCodingException e) {
      throw refusal("`%s` is not text in UTF-8.".formatted(typed));
    }
  }

  private static byte[] limited(InputStream in, String path) throws IOException {
    byte[] bytes = in.readNBytes(LARGEST + 1);
    if (bytes.length > LARGEST) {
      throw refusal(
          "`%s` has more than 4 MiB, expected a secret of at most 1 MiB.".formatted(path));
    }
    return bytes;
  }

  private static ProblemException refusal(String sentence) {
    return new ProblemException(
        Problem.of(
            Problem.INVALID,
            sentence,
            Optional.of("`dassie help create secret` shows both forms.")));
  }
}
