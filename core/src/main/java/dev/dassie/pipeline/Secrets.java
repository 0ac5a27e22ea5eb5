package dev.dassie.pipeline;

import dev.dassie.fault.Fault;
import dev.dassie.pipeline.secret.Secret;
import dev.dassie.pipeline.secret.SecretBox;
import dev.dassie.pipeline.secret.SecretName;
import dev.dassie.pipeline.secret.SecretStore;
import dev.dassie.pipeline.secret.SecretUse;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.version.Call;
import dev.dassie.version.Page;
import dev.dassie.version.Reply;
import dev.dassie.version.Versions;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/// The secrets of all projects: how they come, change and go, and what pipelines get of them.
/// Thread-safe.
public final class Secrets {
  private static final int MAX_LIST = 10_000;

  /// The answer names the secret alone: what it was then is not remembered.
  private static final Reply<SecretName> REPLY =
      Reply.of(
          (out, name) -> out.string(name.project()).string(name.name()),
          in -> new SecretName(in.string(), in.string()));

  private final Versions versions;
  private final SecretStore store;

  /// @param keyFile holds the key that all secrets are encrypted with
  public Secrets(Versions versions, Path keyFile) {
    this.versions = versions;
    this.store = new SecretStore(new SecretBox(keyFile));
  }

  /// Makes a secret; one that is there is refused, or with `update` gets another version.
  public Secret write(
      Call call, SecretName name, String type, SecretValues values, boolean update) {
    String _ = versions.project(name.project()).name();
    SecretName written =
        versions.change(
            call, REPLY, change -> store.write(change, name, type, values, update).name());
    return inspect(written);
  }

  /// What may be known of a secret; `Fault.NotFound` with the nearest name.
  public Secret inspect(SecretName name) {
    return versions.metadata().read(rows -> SecretStore.inspect(rows, name));
  }

  /// Secrets of a project by name, without their values; the limit is 1 to 10,000.
  public Page<Secret> list(String project, String cursor, int limit) {
    if (limit < 1 || limit > MAX_LIST) {
      throw new Fault.Invalid("The limit", Integer.toString(limit), "1 to 10,000").asException();
    }
    return versions.metadata().read(rows -> SecretStore.list(rows, project, cursor, limit));
  }

  /// Deletes a secret that no pipeline uses.
  public void delete(Call call, SecretName name) {
    Boolean _ =
        versions.change(
            call,
            Reply.DONE,
            change -> {
              Optional<Pipeline> user =
                  PipelineTable.find(
                      change.rows(),
                      name.project() + "/",
                      pipeline -> names(pipeline.spec()).contains(name.name()));
              if (user.isPresent()) {
                String reader = user.get().spec().repo().toString();
                throw new Fault.Conflict(
                        "The secret `%s` cannot be deleted: the pipeline `%s` uses it."
                            .formatted(name, reader),
                        Optional.of("Update or delete `%s` first.".formatted(reader)))
                    .asException();
              }
              store.delete(change, name);
              return true;
            });
  }

  /// The newest versions of the secrets that the code of a pipeline gets, with their values.
  public List<SecretStore.Opened> open(PipelineSpec spec) {
    return versions
        .metadata()
        .read(rows -> {
          List<SecretStore.Opened> opened = new ArrayList<>();
          for (String name : used(spec)) {
            opened.add(store.open(rows, new SecretName(spec.project(), name)));
          }
          return opened;
        });
  }

  /// The same without the values.
  public List<Secret> versions(PipelineSpec spec) {
    return versions
        .metadata()
        .read(rows ->
            used(spec).stream()
                .map(name -> SecretStore.inspect(rows, new SecretName(spec.project(), name)))
                .toList());
  }

  /// The values of the secret that the egress of a pipeline uses.
  public Optional<SecretValues> openEgress(PipelineSpec spec) {
    return spec.egress()
        .flatMap(Egress::secret)
        .map(name ->
            versions
                .metadata()
                .read(rows -> store.open(rows, new SecretName(spec.project(), name)).values()));
  }

  private static Set<String> used(PipelineSpec spec) {
    Set<String> names = new TreeSet<>();
    spec.transform().secrets().stream().map(SecretUse::name).forEach(names::add);
    return names;
  }

  /// Every secret that a spec names.
  private static Set<String> names(PipelineSpec spec) {
    Set<String> names = used(spec);
    spec.egress().flatMap(Egress::secret).ifPresent(names::add);
    return names;
  }
}
