package dev.dassie.store.sql;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class PostgresAddressTest {
  @Test
  void everyPartIsReadAndThePasswordIsNeverShown() {
    PostgresAddress address =
        PostgresAddress.parse(
            "postgresql://ann:p%40s+s@db1:5433,db2/my%20data?sslmode=require", Map.of());

    assertThat(address.hosts()).isEqualTo("db1:5433,db2");
    assertThat(address.user()).contains("ann");
    assertThat(address.password()).contains("p@s+s");
    assertThat(address.parameters()).isEqualTo(Map.of("sslmode", "require"));
    assertThat(address.jdbcUrl()).isEqualTo("jdbc:postgresql://db1:5433,db2/my%20data");
    assertThat(address.toString()).isEqualTo("postgresql://ann@db1:5433,db2/my data");
  }

  @Test
  void theEnvironmentSaysWhatTheUrlLeavesOut() {
    Map<String, String> environment = Map.of("PGUSER", "bob", "PGPASSWORD", "secret");

    PostgresAddress address = PostgresAddress.parse("postgres://db/data", environment);
    PostgresAddress told = PostgresAddress.parse("postgres://ann:own@db/data", environment);

    assertThat(address.user()).contains("bob");
    assertThat(address.password()).contains("secret");
    assertThat(told.password()).contains("own");
    assertThat(PostgresAddress.parse("postgres://db/data", Map.of()).password())
        .isEqualTo(Optional.empty());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "postgresql://ann:secret@db",
        "postgresql://ann:secret@/data",
        "postgresql://ann:secret@db/data?password=secret2",
        "postgresql://ann:secret@db/data?socketFactory=evil",
        "postgresql://ann:secret@db/data/more?password=secret3",
        "postgresql://ann:secret@db:secret@x/",
        "postgresql://ann:%zz@db/data"
      })
  void whatIsNotKnownIsRefusedWithoutThePassword(String url) {
    assertThatThrownBy(() -> PostgresAddress.parse(url, Map.of()))
        .message()
        .contains("expected")
        .doesNotContain("secret");
  }

  @Test
  void aShownUrlHasNoPassword() {
    assertThat(PostgresAddress.redacted("postgresql://ann:se@:cr/et@db/data"))
        .isEqualTo("postgresql://ann:***@db/data");
    assertThat(PostgresAddress.redacted("postgresql://ann@db:5432/data"))
        .isEqualTo("postgresql://ann@db:5432/data");
  }
}
