package dev.dassie.server.s3;

import dev.dassie.fault.DassieException;
import dev.dassie.fault.Fault;
import dev.dassie.server.s3.protocol.Code;
import dev.dassie.server.s3.protocol.FeedingStream;
import dev.dassie.server.s3.protocol.Refusal;
import dev.dassie.version.BranchName;
import dev.dassie.version.Call;
import dev.dassie.version.FileWriter;
import dev.dassie.version.ReadView;
import dev.dassie.version.Versions;
import dev.dassie.version.multipart.Multiparts;
import dev.dassie.version.scratch.Scratch;
import java.io.InputStream;
import java.util.Optional;

/// What the code of a job writes: seen by it alone until it ended well.
record OutBucket(String text, Scratch scratch) implements Bucket {
  @Override
  public Optional<ReadView> view() {
    return Optional.of(versions().read(scratch.branch().repo(), scratch.branch().branch()));
  }

  @Override
  public ReadView version(String id, String key) {
    Bucket.checkVersion(id);
    try {
      return versions().read(scratch.branch().repo(), id);
    } catch (DassieException e) {
      if (e.fault() instanceof Fault.NotFound) {
        throw Bucket.noVersion(id, key, "The bucket `%s` has no such version.".formatted(text));
      }
      throw e;
    }
  }

  @Override
  public boolean hasHistory() {
    return false;
  }

  @Override
  public BranchName writable() {
    return scratch.branch();
  }

  @Override
  public FileWriter writer(Call call) {
    return scratch.writer(call, scratch.branch());
  }

  @Override
  public InputStream counted(InputStream body) {
    return new FeedingStream(
        body,
        (bytes, offset, length) -> {
          if (!scratch.takes(length)) {
            throw new Refusal(
                Code.ENTITY_TOO_LARGE,
                "The code of this job may write %d bytes to the bucket `%s`; `resourceLimits.disk` in its spec says how many."
                    .formatted(scratch.most(), text));
          }
        });
  }

  @Override
  public Versions versions() {
    return scratch.versions();
  }

  @Override
  public Multiparts multiparts() {
    return scratch.multiparts();
  }
}
