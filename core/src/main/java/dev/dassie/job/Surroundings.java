package dev.dassie.job;

import dev.dassie.pipeline.PipelineSpec;
import dev.dassie.pipeline.secret.SecretStore;
import java.util.List;

/// What the code of a spec runs on now, and what it gets of secrets: of the same versions that the
/// facts of the environment name.
record Surroundings(Environment environment, Disclosure secrets) {
  static Surroundings of(Engine engine, PipelineSpec spec) {
    List<SecretStore.Opened> opened = engine.recipes().secrets(spec);
    Environment environment =
        engine
            .executor()
            .environment(spec.transform())
            .and(Disclosure.facts(opened.stream().map(SecretStore.Opened::secret).toList()))
            .and(spec.facts());
    return new Surroundings(environment, Disclosure.of(spec, opened));
  }
}
