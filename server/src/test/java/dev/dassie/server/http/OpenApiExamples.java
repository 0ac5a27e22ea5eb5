package dev.dassie.server.http;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;

/// Which calls of the document a test can make, and with what.
final class OpenApiExamples {
  private OpenApiExamples() {}

  /// Calls on jobs, datums and logs need a run, which `PipelinesApiTest` makes.
  static boolean hasExample(Route route) {
    return !route.template().contains("/jobs") && !route.template().contains("{name}");
  }

  static String fill(String path, TestServer server) throws Exception {
    String id =
        Json.parse(server.get("/api/v1/projects/default/repos/r/commits/master").body())
            .path("id")
            .stringValue();
    return path.replace("{id}", id);
  }
}
