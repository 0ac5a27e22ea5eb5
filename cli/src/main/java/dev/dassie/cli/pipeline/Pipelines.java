package dev.dassie.cli.pipeline;

import dev.dassie.api.Address;
import dev.dassie.api.Percent;

/// URL paths of pipelines.
final class Pipelines {
  private Pipelines() {}

  /// The URL path of the pipeline below the API's base.
  static String url(Address name) {
    return "/projects/%s/pipelines/%s"
        .formatted(Percent.encode(name.project()), Percent.encode(name.repo()));
  }
}
