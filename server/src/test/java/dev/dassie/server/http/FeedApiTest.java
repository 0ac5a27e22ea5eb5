package dev.dassie.server.http;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.api.Json;
import dev.dassie.server.TestServer;
import java.io.BufferedReader;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

@Timeout(60)
class FeedApiTest {
  @TempDir static Path home;
  static TestServer server;

  @BeforeAll
  static void start() {
    server = new TestServer(home);
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  private static void project(String name) throws Exception {
    assertThat(server.post("/api/v1/projects", "{\"name\":\"" + name + "\"}").statusCode())
        .isEqualTo(201);
  }

  private static BufferedReader reader(HttpResponse<InputStream> response) {
    return new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8));
  }

  private static String nextLine(BufferedReader reader) throws Exception {
    String line = reader.readLine();
    while (line != null && line.isBlank()) {
      line = reader.readLine();
    }
    return line;
  }

  @Test
  void eventsComeInOrderFromAPosition() throws Exception {
    project("one");
    project("two");

    List<String> lines = server.get("/api/v1/feed").body().lines().toList();
    List<String> rest = server.get("/api/v1/feed?after=1&limit=1").body().lines().toList();

    JsonNode first = Json.parse(lines.getFirst());
    assertThat(first.path("position").longValue()).isEqualTo(1);
    assertThat(first.path("kind").stringValue()).isEqualTo("project.created");
    assertThat(rest).containsExactly(lines.get(1));
  }

  @Test
  void followersHearOfWhatComes() throws Exception {
    HttpResponse<InputStream> response = server.open(server.request("/api/v1/feed?follow=true"));
    try (BufferedReader events = reader(response)) {
      project("followed");

      assertThat(nextLine(events)).contains("\"followed\"");
    }
  }

  @Test
  void serverSentEventsGoOnBehindTheLastId() throws Exception {
    project("sse");
    HttpResponse<InputStream> response =
        server.open(
            server
                .request("/api/v1/feed?limit=1")
                .header("Accept", "text/event-stream")
                .header("Last-Event-ID", "0"));

    try (BufferedReader events = reader(response)) {
      assertThat(response.headers().firstValue("Content-Type")).contains("text/event-stream");
      assertThat(nextLine(events)).startsWith(": ");
      assertThat(nextLine(events)).isEqualTo("id: 1");
      assertThat(nextLine(events)).isEqualTo("event: project.created");
      assertThat(nextLine(events)).startsWith("data: {\"position\":1,");
    }
  }

  @Test
  void badPositionsAreRefused() throws Exception {
    assertThat(server.get("/api/v1/feed?after=-1").statusCode()).isEqualTo(400);
    assertThat(
            server
                .send(
                    server
                        .request("/api/v1/feed")
                        .header("Accept", "text/event-stream")
                        .header("Last-Event-ID", "x"))
                .statusCode())
        .isEqualTo(400);
  }
}
