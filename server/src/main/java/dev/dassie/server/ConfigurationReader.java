package dev.dassie.server;

import dev.dassie.fault.Fault;
import dev.dassie.fault.Nearest;
import dev.dassie.server.http.Setting;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.Stream;
import org.snakeyaml.engine.v2.api.LoadSettings;
import org.snakeyaml.engine.v2.api.lowlevel.Compose;
import org.snakeyaml.engine.v2.exceptions.Mark;
import org.snakeyaml.engine.v2.exceptions.MarkedYamlEngineException;
import org.snakeyaml.engine.v2.exceptions.YamlEngineException;
import org.snakeyaml.engine.v2.nodes.MappingNode;
import org.snakeyaml.engine.v2.nodes.Node;
import org.snakeyaml.engine.v2.nodes.NodeTuple;
import org.snakeyaml.engine.v2.nodes.ScalarNode;

/// Reads flags, environment and `config.yaml` into a [Configuration].
final class ConfigurationReader {
  private static final int FILE_BYTES_MAX = 1 << 20;
  private static final String CONFIG = "--config";
  private static final String ANNOUNCE = "--announce";
  private static final String REBUILD = "--rebuild";

  private final Map<String, String> environment;
  private final EnumMap<Option, Setting> chosen = new EnumMap<>(Option.class);

  ConfigurationReader(Map<String, String> environment) {
    this.environment = environment;
  }

  Configuration read(List<String> arguments) {
    Map<Option, Setting> flags = new EnumMap<>(Option.class);
    Optional<Path> configFile = Optional.empty();
    Optional<Path> announce = Optional.empty();
    boolean rebuild = false;
    for (int i = 0; i < arguments.size(); i++) {
      String argument = arguments.get(i);
      if (argument.equals(REBUILD)) {
        rebuild = true;
        continue;
      }
      int equals = argument.indexOf('=');
      String flag = equals < 0 ? argument : argument.substring(0, equals);
      Optional<Option> option = Option.ofFlag(flag);
      if (option.isEmpty() && !flag.equals(CONFIG) && !flag.equals(ANNOUNCE)) {
        throw unknownFlag(flag);
      }
      if (equals < 0 && i + 1 == arguments.size()) {
        throw new Fault.Invalid("The flag", flag, "a value after it").asException();
      }
      String value = equals < 0 ? arguments.get(++i) : argument.substring(equals + 1);
      if (option.isPresent()) {
        flags.put(option.get(), new Setting(option.get().key(), value, "flag"));
      } else if (flag.equals(CONFIG)) {
        configFile = Optional.of(Path.of(value));
      } else {
        announce = Optional.of(Path.of(value));
      }
    }

    Setting homeSetting = home();
    Path home = Path.of(homeSetting.value()).toAbsolutePath().normalize();
    readFile(configFile.orElse(home.resolve("config.yaml")), configFile.isPresent());
    readEnvironment();
    chosen.putAll(flags);
    return new Configuration(home, homeSetting, chosen, announce, rebuild);
  }

  private Setting home() {
    String told = environment.getOrDefault("DASSIE_HOME", "");
    if (!told.isEmpty()) {
      return new Setting("home", told, "environment DASSIE_HOME");
    }
    String user = environment.getOrDefault("HOME", System.getProperty("user.home", "."));
    return new Setting("home", user + "/.dassie", Setting.DEFAULT);
  }

  private void readEnvironment() {
    for (Option option : Option.values()) {
      String value = environment.getOrDefault(option.variable(), "");
      if (!value.isEmpty()) {
        chosen.put(option, new Setting(option.key(), value, "environment " + option.variable()));
      }
    }
  }

  private static RuntimeException unknownFlag(String flag) {
    List<String> known =
        Stream.concat(
                Arrays.stream(Option.values()).map(Option::flag),
                Stream.of(CONFIG, ANNOUNCE, REBUILD))
            .toList();
    return new Fault.Invalid(
            "The flag",
            flag,
            "one of `" + String.join("`, `", known) + "`",
            Nearest.hint(flag, known))
        .asException();
  }

  private void readFile(Path file, boolean required) {
    String source = "file " + file;
    if (!required && !Files.exists(file)) {
      return;
    }
    Node root;
    try {
      if (Files.size(file) > FILE_BYTES_MAX) {
        throw new Fault.Invalid("The configuration", file.toString(), "a file of at most 1 MiB")
            .asException();
      }
      Optional<Node> document =
          new Compose(LoadSettings.builder().setLabel(file.toString()).build())
              .composeString(Files.readString(file));
      if (document.isEmpty()) {
        return;
      }
      root = document.get();
    } catch (IOException e) {
      throw new Fault.Invalid("The configuration", file.toString(), "a file that can be read")
          .asException();
    } catch (YamlEngineException e) {
      throw new Fault.InvalidDocument("`" + file + "`", List.of(problem(e))).asException();
    }
    List<Fault.InvalidDocument.Problem> problems = new ArrayList<>();
    if (root instanceof MappingNode mapping) {
      for (NodeTuple pair : mapping.getValue()) {
        take(pair, source, problems);
      }
    } else {
      problems.add(problem(root, "A mapping of keys to values was expected.", Optional.empty()));
    }
    if (!problems.isEmpty()) {
      throw new Fault.InvalidDocument("`" + file + "`", problems).asException();
    }
  }

  private void take(NodeTuple pair, String source, List<Fault.InvalidDocument.Problem> problems) {
    if (!(pair.getKeyNode() instanceof ScalarNode key)) {
      problems.add(problem(pair.getKeyNode(), "A key must be a word.", Optional.empty()));
      return;
    }
    Optional<Option> option = Option.ofKey(key.getValue());
    if (option.isEmpty()) {
      List<String> known = Arrays.stream(Option.values()).map(Option::key).toList();
      problems.add(
          problem(
              key,
              "The key `%s` is not known.".formatted(key.getValue()),
              Nearest.hint(key.getValue(), known)));
    } else if (pair.getValueNode() instanceof ScalarNode value) {
      chosen.put(option.get(), new Setting(key.getValue(), value.getValue(), source));
    } else {
      problems.add(
          problem(
              pair.getValueNode(),
              "`%s` must be one value.".formatted(key.getValue()),
              Optional.empty()));
    }
  }

  private static Fault.InvalidDocument.Problem problem(YamlEngineException e) {
    Optional<Mark> mark =
        e instanceof MarkedYamlEngineException marked ? marked.getProblemMark() : Optional.empty();
    String message =
        e instanceof MarkedYamlEngineException marked
            ? String.valueOf(marked.getProblem())
            : "not YAML";
    return new Fault.InvalidDocument.Problem(
        mark.map(m -> m.getLine() + 1).orElse(0),
        mark.map(m -> m.getColumn() + 1).orElse(0),
        message,
        Optional.empty());
  }

  private static Fault.InvalidDocument.Problem problem(
      Node node, String message, Optional<String> hint) {
    Optional<Mark> mark = node.getStartMark();
    return new Fault.InvalidDocument.Problem(
        mark.map(m -> m.getLine() + 1).orElse(0),
        mark.map(m -> m.getColumn() + 1).orElse(0),
        message,
        hint);
  }
}
