package dev.dassie.content;

import java.nio.ByteBuffer;
import java.util.List;

/// Objects that outlive the simulated process which writes them; faults come from a [CrashPlan].
public final class SimulatedObjectStore implements ObjectStore {
  private final ObjectStore objects;
  private final CrashPlan plan;

  public SimulatedObjectStore(ObjectStore objects, CrashPlan plan) {
    this.objects = objects;
    this.plan = plan;
  }

  private static CrashPlan.Lane lane(String key) {
    return key.startsWith("packs/data/") ? CrashPlan.Lane.DATA : CrashPlan.Lane.TREE;
  }

  @Override
  public Upload upload() {
    Upload upload = objects.upload();
    return new Upload() {
      @Override
      public void write(ByteBuffer bytes) {
        upload.write(bytes);
      }

      @Override
      public long position() {
        return upload.position();
      }

      @Override
      public void publish(String key) {
        plan.write(lane(key), () -> upload.publish(key));
      }

      @Override
      public void close() {
        upload.close();
      }
    };
  }

  @Override
  public ByteBuffer read(String key, long offset, int length) {
    return objects.read(key, offset, length);
  }

  @Override
  public long size(String key) {
    return objects.size(key);
  }

  @Override
  public List<String> list(String prefix, String after, int limit) {
    return objects.list(prefix, after, limit);
  }

  @Override
  public void delete(String key) {
    plan.write(lane(key), () -> objects.delete(key));
  }
}
