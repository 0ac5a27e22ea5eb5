package dev.dassie.executor.process;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.api.Test;

/// Hostile code against every sandbox, as root and as an ordinary user.
class AttacksTest {
  @Test
  void namespacesHoldAgainstEveryAttack() throws Exception {
    try (Playground ground = new Playground(Sandbox.NAMESPACES)) {
      assertThat(Attacks.run(ground)).isEmpty();
    }
  }

  @Test
  void bubblewrapHoldsAgainstEveryAttack() throws Exception {
    try (Playground ground = new Playground(Sandbox.BUBBLEWRAP)) {
      assertThat(Attacks.run(ground)).isEmpty();
    }
  }

  @Test
  void namespacesOfAnOrdinaryUserHoldAgainstEveryAttack() throws Exception {
    assertThat(OrdinaryUser.run(Attacks.class, "NAMESPACES")).matches("held [0-9]+ as [1-9][0-9]*");
  }

  @Test
  void bubblewrapOfAnOrdinaryUserHoldsAgainstEveryAttack() throws Exception {
    assertThat(OrdinaryUser.run(Attacks.class, "BUBBLEWRAP")).matches("held [0-9]+ as [1-9][0-9]*");
  }
}
