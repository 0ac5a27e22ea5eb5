package dev.dassie.job;

import dev.dassie.fault.Fault;
import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.secret.Secret;
import dev.dassie.pipeline.secret.SecretStore;
import dev.dassie.pipeline.secret.SecretUse;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;

/// What the code of one job gets of secrets. Its text shows nothing of them. Immutable.
public final class Disclosure {
  /// No secrets.
  public static final Disclosure NONE = new Disclosure(Map.of(), List.of(), List.of());

  private final Map<String, String> variables;
  private final List<SecretFile> files;
  private final List<byte[]> values;

  /// @param values what must not be shown in logs
  public Disclosure(Map<String, String> variables, List<SecretFile> files, List<byte[]> values) {
    this.variables = Map.copyOf(variables);
    this.files = List.copyOf(files);
    this.values = List.copyOf(values);
  }

  /// A file that the code sees, read-only.
  ///
  /// @param path absolute
  public record SecretFile(String path, byte[] bytes) {
    @Override
    public String toString() {
      return path + " (hidden)";
    }
  }

  /// What a spec asks for, of secrets that were opened. A value that no variable can hold is
  /// refused.
  public static Disclosure of(PipelineSpec spec, List<SecretStore.Opened> opened) {
    Map<String, SecretStore.Opened> byName = new TreeMap<>();
    opened.forEach(one -> byName.put(one.secret().name().name(), one));
    Map<String, String> variables = new TreeMap<>();
    List<SecretFile> files = new ArrayList<>();
    List<byte[]> values = new ArrayList<>();
    for (SecretUse use : spec.transform().secrets()) {
      SecretStore.Opened one = Optional.ofNullable(byName.get(use.name())).orElseThrow();
      for (String key : one.values().keys()) {
        byte[] value = one.values().get(key).orElseThrow();
        use.folder().ifPresent(folder -> files.add(new SecretFile(folder + "/" + key, value)));
        values.add(value);
      }
      use.variable().ifPresent(name -> variables.put(name, text(one, use.key().orElse(""), name)));
    }
    return new Disclosure(variables, files, values);
  }

  /// The versions of secrets as facts for the environment of datums.
  public static List<String> facts(List<Secret> secrets) {
    return secrets.stream().map(Secret::fact).toList();
  }

  private static String text(SecretStore.Opened opened, String key, String variable) {
    byte[] value =
        opened.values().get(key).orElseThrow(() -> SecretStore.missingKey(opened.secret(), key));
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(value)).toString();
      if (text.indexOf('\0') < 0) {
        return text;
      }
    } catch (CharacterCodingException e) {
      throw unfit(opened, key, variable);
    }
    throw unfit(opened, key, variable);
  }

  private static RuntimeException unfit(SecretStore.Opened opened, String key, String variable) {
    return new Fault.Failed(
            "The variable `%s` cannot hold the key `%s` of the secret `%s`: it is not text in UTF-8."
                .formatted(variable, key, opened.secret().name()),
            Optional.of("Use `mountPath`, which gives it as a file."))
        .asException();
  }

  /// The same with more variables, whose values must not be shown either.
  Disclosure with(Map<String, String> more) {
    Map<String, String> all = new TreeMap<>(more);
    all.putAll(variables);
    List<byte[]> hidden = new ArrayList<>(values);
    more.values().forEach(value -> hidden.add(value.getBytes(StandardCharsets.UTF_8)));
    return new Disclosure(all, files, hidden);
  }

  public Map<String, String> variables() {
    return variables;
  }

  public List<SecretFile> files() {
    return files;
  }

  /// Every value, also of keys that are neither file nor variable.
  public List<byte[]> values() {
    return values;
  }

  @Override
  public String toString() {
    return "%d variables, %d files (hidden)".formatted(variables.size(), files.size());
  }
}
