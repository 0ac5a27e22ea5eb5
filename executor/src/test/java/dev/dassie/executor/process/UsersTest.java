package dev.dassie.executor.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.executor.datum.Permissions;
import dev.dassie.job.Task;
import dev.dassie.pipeline.Transform;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Who code runs as (`transform.user`).
class UsersTest {
  @TempDir Path etc;
  private static final Lanes.Identity NOBODY = new Lanes.Identity(true, 65534, 65534);
  private static final Lanes.Identity ANN = new Lanes.Identity(false, 1000, 1000);

  @BeforeEach
  void write() throws IOException {
    Files.writeString(
        etc.resolve("passwd"),
        """
        root:x:0:0:root:/root:/bin/bash
        broken
        ann:x:1000:1000::/home/ann:/bin/sh
        nobody:x:65534:65534:nobody:/:/usr/sbin/nologin
        service:x:40:40::/:/bin/false
        wheel:x:41:0::/:/bin/false
        """);
    Files.writeString(etc.resolve("group"), "root:x:0:\nservice:x:40:ann\nusers:x:100:\n");
  }

  private Users users(Lanes.Identity usual, Sandbox sandbox, String... allowed) {
    return new Users(etc, usual, List.of(allowed), Optional.of(sandbox));
  }

  private static void refused(Users users, String wish, String expected) {
    assertThatThrownBy(() -> users.of(Optional.of(wish)))
        .hasMessage("`transform.user` is `%s`, expected %s.".formatted(wish, expected));
  }

  @Test
  void codeThatNamesNobodyRunsAsUsual() {
    assertThat(users(NOBODY, Sandbox.NAMESPACES).of(Optional.empty())).isEmpty();
    assertThat(users(ANN, Sandbox.NONE).of(Optional.empty())).isEmpty();
  }

  @Test
  void aServerThatIsRootRunsCodeAsThoseThatAreAllowed() throws IOException {
    org.junit.jupiter.api.Assumptions.assumeTrue(
        Permissions.mayBecome(40, 100), "SKIPPED: needs root");
    Users users = users(NOBODY, Sandbox.NAMESPACES, "service", "wheel", "root");

    assertThat(users.of(Optional.of("nobody"))).contains(NOBODY);
    assertThat(users.of(Optional.of("65534"))).contains(NOBODY);
    assertThat(users.of(Optional.of("service"))).contains(new Lanes.Identity(true, 40, 40));
    assertThat(users.of(Optional.of("40:users"))).contains(new Lanes.Identity(true, 40, 100));
    refused(
        users,
        "ann",
        "`nobody`, or one that `users_allow` in the configuration of the server names");
    String root = "a user and a group that are not root's: code never runs as root";
    refused(users, "root", root);
    refused(users, "0", root);
    refused(users, "wheel", root);
    refused(users, "service:root", root);
  }

  @Test
  void whoIsNotThereIsRefused() {
    Users users = users(NOBODY, Sandbox.NAMESPACES);

    refused(users, "eve", "a user of this machine, by name or number");
    refused(users, "4711", "a user of this machine, by name or number");
    refused(users, "broken", "a user of this machine, by name or number");
    refused(users, "nobody:eve", "a group of this machine after the colon, by name or number");
  }

  @Test
  void anyOtherServerRunsCodeAsItselfAlone() {
    Users users = users(ANN, Sandbox.NAMESPACES, "service");

    assertThat(users.of(Optional.of("ann"))).contains(ANN);
    assertThat(users.of(Optional.of("1000"))).contains(ANN);
    String self =
        "the user `1000` that the server runs as: only one that is root can run code as others";
    refused(users, "service", self);
    refused(users, "root", self);
    refused(users, "ann:users", self);
  }

  @Test
  void withoutASandboxCodeRunsAsTheServer() {
    refused(
        users(NOBODY, Sandbox.NONE),
        "nobody",
        "nobody in particular: with `--sandbox none` code runs as the server");
    assertThat(users(ANN, Sandbox.NONE).of(Optional.of("ann"))).contains(ANN);
  }

  @Test
  void codeRunsAsItsUserAndItsOutputIsTaken() throws Exception {
    org.junit.jupiter.api.Assumptions.assumeTrue(Permissions.ownUid() == 0, "SKIPPED: needs root");
    for (Sandbox sandbox : List.of(Sandbox.NAMESPACES, Sandbox.BUBBLEWRAP)) {
      try (Workshop shop = new Workshop(sandbox, s -> s.allowing(List.of("daemon")))) {
        Transform code = Workshop.shell("id -u > /pfs/out/who; id -G >> /pfs/out/who; umask 077");
        Transform daemon = code.with(Optional.of("daemon"), List.of());

        Task task = shop.task(daemon, shop.item());

        assertThat(shop.contents(shop.run(task).getFirst())).containsEntry("/who", "1\n1\n");
        assertThat(shop.log(shop.sh("id -u"))).isEqualTo("65534\n");
        assertThatThrownBy(
                () -> shop.executor.environment(code.with(Optional.of("root"), List.of())))
            .hasMessageContaining("never runs as root");
      }
    }
  }
}
