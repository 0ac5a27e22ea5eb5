package dev.dassie.server.s3;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.http.HttpResponse;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class UploadLimitsTest {
  @TempDir Path home;

  @Test
  void theConfigurationSaysHowManyUploadsOfABranchMayBeOpen() throws Exception {
    try (S3Server server = new S3Server(home, "--s3-uploads", "1")) {
      String bucket = server.bucket("master.parts");
      String first =
          server.client().createMultipartUpload(r -> r.bucket(bucket).key("a")).uploadId();

      HttpResponse<String> second = server.send("POST", "/" + bucket + "/b?uploads=");
      assertThat(second.statusCode()).isEqualTo(400);
      assertThat(second.body()).contains("<Code>InvalidArgument</Code>");
      server.client().abortMultipartUpload(r -> r.bucket(bucket).key("a").uploadId(first));

      assertThat(server.send("POST", "/" + bucket + "/b?uploads=").statusCode()).isEqualTo(200);
    }
  }
}
