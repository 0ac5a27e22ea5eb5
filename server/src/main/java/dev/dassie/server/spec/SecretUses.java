package dev.dassie.server.spec;

import dev.dassie.pipeline.secret.SecretName;
import dev.dassie.pipeline.secret.SecretUse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Reads `transform.secrets`.
final class SecretUses {
  private static final Pattern VARIABLE = Pattern.compile("[A-Za-z_][A-Za-z0-9_]*");

  /// Folders that a datum has of its own or that are no files.
  private static final List<Path> TAKEN =
      List.of(
          Path.of("/pfs"),
          Path.of("/source"),
          Path.of("/proc"),
          Path.of("/sys"),
          Path.of("/dev"),
          Path.of("/tmp"),
          Path.of("/home/dassie"));

  private final FieldCheck check;
  private final Problems problems;

  SecretUses(FieldCheck check, Problems problems) {
    this.check = check;
    this.problems = problems;
  }

  List<SecretUse> read(Checked transform) {
    List<Known> fields = SpecFields.in(SpecFields.of("transform"), "secrets");
    List<SecretUse> uses = new ArrayList<>();
    Set<String> folders = new HashSet<>();
    List<Node> items = transform.items("secrets");
    for (int i = 0; i < items.size(); i++) {
      Checked item =
          check.mapping(items.get(i), fields, "%s[%d]".formatted(transform.path("secrets"), i));
      Optional<SecretUse> use = read(item, transform);
      Optional<String> folder = use.flatMap(SecretUse::folder);
      if (folder.isPresent() && !folders.add(folder.get())) {
        problems.add(
            item.placeOf("mountPath"),
            "`%s` is `%s`, which another secret has already."
                .formatted(item.path("mountPath"), Said.value(folder.get())));
      }
      use.ifPresent(uses::add);
    }
    return uses;
  }

  private Optional<SecretUse> read(Checked item, Checked transform) {
    Optional<String> name = item.text("name");
    if (name.isEmpty()) {
      if (!item.told().contains("name")) {
        problems.add(
            item.place(),
            "`%s` is missing, expected the name of a secret.".formatted(item.path("name")));
      }
      return Optional.empty();
    }
    Optional<SecretName> good =
        SpecReader.attempt(
            problems,
            item.placeOf("name"),
            item.path("name"),
            () -> new SecretName("default", name.get()));
    Optional<String> key = item.text("key");
    if (key.isPresent()) {
      Optional<String> _ =
          SpecReader.attempt(
              problems,
              item.placeOf("key"),
              item.path("key"),
              () -> SecretName.checkKey(key.get()));
    }
    Optional<String> variable = item.text("envVar");
    variable.ifPresent(text -> variable(item, text, key, transform));
    Optional<String> folder = item.text("mountPath").flatMap(text -> folder(item, text));
    if (variable.isEmpty() && item.text("mountPath").isEmpty()) {
      problems.add(
          item.place(),
          "`%s` says neither `mountPath` nor `envVar`, expected one of them."
              .formatted(item.path()));
    }
    return good.map(_ -> new SecretUse(name.get(), key, folder, variable));
  }

  private void variable(Checked item, String name, Optional<String> key, Checked transform) {
    if (!VARIABLE.matcher(name).matches()) {
      problems.add(
          item.placeOf("envVar"),
          "`%s` is `%s`, expected the name of a variable: letters, digits and `_`."
              .formatted(item.path("envVar"), Said.value(name)));
    } else if (transform.map("env").containsKey(name)) {
      problems.add(
          item.placeOf("envVar"),
          "`%s` is `%s`, which `transform.env` sets already.".formatted(item.path("envVar"), name));
    }
    if (key.isEmpty()) {
      problems.add(
          item.place(),
          "`%s` is missing, expected the key whose value `%s` holds."
              .formatted(item.path("key"), Said.value(name)));
    }
  }

  private Optional<String> folder(Checked item, String text) {
    Path path = text.indexOf('\0') < 0 ? Path.of(text) : Path.of("");
    boolean good = path.isAbsolute() && path.getNameCount() > 0 && path.normalize().equals(path);
    if (!good || TAKEN.stream().anyMatch(own -> path.startsWith(own) || own.startsWith(path))) {
      problems.add(
          item.placeOf("mountPath"),
          "`%s` is `%s`, expected an absolute path outside `/pfs`, `/source`, `/proc`, `/sys`, `/dev`, `/tmp` and `/home/dassie`."
              .formatted(item.path("mountPath"), Said.value(text)));
      return Optional.empty();
    }
    return Optional.of(path.toString());
  }
}
