package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.server.TestServer;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/// Secrets through a real server: no reply ever shows a value.
class SecretsApiTest {
  private static final String ALL = "/api/v1/projects/default/secrets";

  @TempDir static Path home;
  static TestServer server;

  @BeforeAll
  static void start() throws Exception {
    server = new TestServer(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @Test
  void manifestsInJsonAndYamlAreTakenAndVersionsCount() throws Exception {
    String json =
        """
        {"apiVersion": "v1", "kind": "Secret", "metadata": {"name": "db", "creationTimestamp": null},
         "data": {"password": "Y29ycmVjdCBob3JzZQ=="}}\
        """;

    JsonNode first = TestServer.json(server.post(ALL, json));
    HttpResponse<String> again = server.post(ALL, json);
    JsonNode second =
        TestServer.json(
            server.post(
                ALL + "?update=true",
                "kind: Secret\nmetadata: {name: db}\ntype: mine\nstringData: {password: other}\n"));

    assertThat(first.path("version").asInt()).isEqualTo(1);
    assertThat(again.statusCode()).isEqualTo(409);
    assertThat(second.path("version").asInt()).isEqualTo(2);
    assertThat(second.path("type").stringValue()).isEqualTo("mine");
    assertThat(server.get(ALL).body()).contains("\"keys\":[\"password\"]").doesNotContain("other");
    assertThat(server.delete(ALL + "/db").statusCode()).isEqualTo(204);
    assertThat(server.get(ALL + "/db").statusCode()).isEqualTo(404);
  }

  /// Every way to go wrong, each with the value in it.
  @Test
  void noRefusalShowsAValue() throws Exception {
    for (String text :
        List.of(
            "{\"kind\": \"Secret\", \"metadata\": {\"name\": \"x\"}, \"stringData\": hunter2!",
            "{\"kind\": \"Secret\" hunter2!}",
            "kind: Secret\nmetadata: {name: x}\nstringData: [hunter2!]",
            "kind: Secret\nmetadata: {name: x}\nstringData: {a: [hunter2!]}",
            "kind: Secret\nmetadata: {name: x}\ndata: {a: hunter2!}",
            "kind: Secret\nmetadata: {name: x}\nstringData: {a/b: hunter2!}",
            "kind: Secret\nmetadata: {name: ../x}\nstringData: {a: hunter2!}",
            "kind: Secret\nstringData: {a: hunter2!}",
            "kind: ConfigMap\nmetadata: {name: x}\nstringData: {a: hunter2!}",
            "kind: Secret\nmetadata: {name: x}\nstringData: {a: hunter2!, a: hunter2!}",
            "kind: Secret\nmetadata: {name: x}\nstringdata: {a: hunter2!}",
            "hunter2!",
            "[hunter2!, hunter2!]",
            "kind: Secret\n\t- hunter2!")) {
      HttpResponse<String> refused = server.post(ALL, text);

      assertThat(refused.statusCode()).as(text).isEqualTo(400);
      assertThat(refused.body()).as(text).doesNotContain("hunter2");
    }
    assertThat(TestServer.json(server.get(ALL)).path("items").size()).isZero();
  }
}
