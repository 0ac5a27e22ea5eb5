package dev.dassie.job;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.content.Digest;
import dev.dassie.fileset.Body;
import dev.dassie.fileset.Fileset;
import dev.dassie.fileset.PersistentMap;
import dev.dassie.metadata.MemoryMetadata;
import dev.dassie.metadata.Metadata;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/// What records of jobs keep from being collected.
class ResultHoldingsTest {
  private static PersistentMap.Root root(String name) {
    return new PersistentMap.Root(
        Optional.of(Digest.of(name.getBytes(java.nio.charset.StandardCharsets.UTF_8))), 1);
  }

  @Test
  void everyMapOfAJobIsKept() {
    MemoryMetadata metadata = new MemoryMetadata();
    Job.Roots roots = new Job.Roots(root("datums"), root("owners"), root("endings"), root("index"));
    Job job = CodecTest.job().with(roots);
    boolean _ =
        metadata.write(rows -> {
          rows.put(new Metadata.Key("job", job.name().key()), JobCodec.encode(job));
          return true;
        });
    List<PersistentMap.Root> kept = new ArrayList<>();

    new ResultHoldings(metadata)
        .jobs(
            new ResultHoldings.Visitor() {
              @Override
              public void files(Fileset files) {}

              @Override
              public void log(Body log) {}

              @Override
              public void context(Digest chunk) {}

              @Override
              public void map(PersistentMap.Root root, Consumer<byte[]> values) {
                kept.add(root);
              }
            });

    assertThat(kept)
        .containsExactlyInAnyOrder(roots.datums(), roots.owners(), roots.endings(), roots.index());
  }
}
