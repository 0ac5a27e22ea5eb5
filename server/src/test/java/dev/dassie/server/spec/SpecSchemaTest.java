package dev.dassie.server.spec;

import static org.assertj.core.api.Assertions.assertThat;

import com.networknt.schema.InputFormat;
import com.networknt.schema.Schema;
import com.networknt.schema.SchemaRegistry;
import com.networknt.schema.SpecificationVersion;
import org.junit.jupiter.api.Test;

final class SpecSchemaTest {
  private static final Schema SCHEMA =
      SchemaRegistry.withDefaultDialect(SpecificationVersion.DRAFT_2020_12)
          .getSchema(SpecSchema.document().toString(), InputFormat.JSON);

  @Test
  void theNormalFormOfASpecIsValid() {
    for (String text : new String[] {SpecReaderTest.EDGES_JSON, SpecReaderTest.EVERYTHING}) {
      String json = NormalForm.of(SpecReaderTest.one(text).spec()).toString();

      assertThat(SCHEMA.validate(json, InputFormat.JSON)).isEmpty();
      assertThat(SCHEMA.validate("[" + json + "]", InputFormat.JSON)).isEmpty();
    }
  }

  @Test
  void anUnknownFieldIsInvalid() {
    assertThat(SCHEMA.validate(spec("\"transfrom\": {}"), InputFormat.JSON)).isNotEmpty();
    assertThat(SCHEMA.validate(spec("\"datum_tries\": \"5\""), InputFormat.JSON)).isEmpty();
  }

  @Test
  void aWrongTypeIsInvalid() {
    assertThat(SCHEMA.validate(spec("\"datumTries\": []"), InputFormat.JSON)).isNotEmpty();
    assertThat(SCHEMA.validate(spec("\"jobTimeout\": \"30\""), InputFormat.JSON)).isNotEmpty();
    assertThat(SCHEMA.validate(spec("\"input\": {}"), InputFormat.JSON)).isNotEmpty();
  }

  private static String spec(String more) {
    String input =
        more.contains("input") ? "" : "\"input\": {\"pfs\": {\"repo\": \"r\", \"glob\": \"/\"}},";
    return "{\"pipeline\": {\"name\": \"p\"}, \"transform\": {\"cmd\": [\"x\"]}, "
        + input
        + more
        + "}";
  }
}
