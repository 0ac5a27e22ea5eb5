package dev.dassie.metadata;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.dassie.fault.DassieException;
import org.junit.jupiter.api.Test;

class MemoryMetadataTest extends MetadataContract {
  @Override
  protected Metadata open() {
    return new MemoryMetadata();
  }

  @Test
  void aWriteBeyondTheLimitIsRefusedAndWhatIsDeletedMakesRoom() {
    MemoryMetadata small = new MemoryMetadata(100);
    Metadata.Key first = new Metadata.Key("t", "first");
    boolean _ = put(small, first, 80);

    assertThatThrownBy(() -> put(small, new Metadata.Key("t", "second"), 80))
        .isInstanceOf(DassieException.class)
        .hasMessageContaining("100 bytes of rows");

    assertThat(small.<Integer>read(rows -> rows.scan("t", "", "", 9).size())).isOne();
    boolean _ =
        small.write(rows -> {
          rows.delete(first);
          return true;
        });
    assertThat(put(small, new Metadata.Key("t", "second"), 80)).isTrue();
  }

  private static boolean put(Metadata metadata, Metadata.Key key, int bytes) {
    return metadata.write(rows -> {
      rows.put(key, new byte[bytes]);
      return true;
    });
  }
}
