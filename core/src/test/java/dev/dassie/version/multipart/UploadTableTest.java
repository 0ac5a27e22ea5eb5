package dev.dassie.version.multipart;

import static org.assertj.core.api.Assertions.assertThat;

import dev.dassie.fileset.Body;
import dev.dassie.fileset.Checksum;
import dev.dassie.fileset.FileAttributes;
import dev.dassie.fileset.FilePath;
import dev.dassie.metadata.Metadata;
import dev.dassie.version.BranchName;
import dev.dassie.version.RepoName;
import java.nio.charset.StandardCharsets;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class UploadTableTest {
  private static final BranchName MASTER =
      new BranchName(new RepoName("default", "images"), "master");
  private static final String TAG = "0123456789abcdef0123456789abcdef";

  @Test
  void theRowsAreTheBytesOfTheFormat() {
    Upload upload =
        new Upload(
            TAG,
            MASTER,
            new FilePath("k"),
            FileAttributes.ofType(Optional.of("t")),
            java.time.Instant.ofEpochSecond(1, 2),
            "ann");
    Part part =
        new Part(
            3,
            TAG,
            List.of(new Checksum(Checksum.Algorithm.CRC32, "AAAAAQ==", 0)),
            new Body.Inline(new byte[] {9}),
            java.time.Instant.ofEpochSecond(1, 2));
    String tag = "20" + HexFormat.of().formatHex(TAG.getBytes(StandardCharsets.UTF_8));
    String time = "000000000000000102";

    assertThat(HexFormat.of().formatHex(UploadTable.encode(upload)))
        .isEqualTo("01" + "016b" + "03010174" + time + "03616e6e");
    assertThat(UploadTable.decode(upload.name(), UploadTable.encode(upload))).isEqualTo(upload);
    assertThat(HexFormat.of().formatHex(UploadTable.encode(part)))
        .isEqualTo("01" + tag + "0101000400000001" + "000109" + time);
    String row = UploadTable.part(upload.name(), 3).name();
    assertThat(row).isEqualTo("default/images/master/" + TAG + "/00003");
    assertThat(UploadTable.decodePart(new Metadata.Row(row, UploadTable.encode(part))))
        .isEqualTo(part);
  }
}
