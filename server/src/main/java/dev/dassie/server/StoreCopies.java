package dev.dassie.server;

import dev.dassie.retention.Retention;
import dev.dassie.store.disk.DiskObjectStore;
import dev.dassie.store.s3.S3Address;
import dev.dassie.store.s3.S3Limits;
import dev.dassie.store.s3.S3ObjectStore;
import java.nio.file.Path;

/// Opens copies of the store: a folder of this machine, or an address as in the configuration. One
/// without parameters is looked for where the server's own store is, if that is in S3 too.
final class StoreCopies implements Retention.Copies {
  private final String own;

  /// @param own where the server's store is, as it was configured
  StoreCopies(String own) {
    this.own = own;
  }

  @Override
  public Retention.Opened open(String name, Path scratch) {
    if (!S3Address.isOne(name)) {
      return new Retention.Opened(DiskObjectStore.reading(name), () -> {});
    }
    S3ObjectStore copy =
        S3ObjectStore.reading(S3Address.parse(completed(name)), S3Limits.defaults(), scratch);
    return new Retention.Opened(copy, copy::close);
  }

  private String completed(String name) {
    int parameters = own.indexOf('?');
    boolean same = S3Address.isOne(own) && parameters >= 0 && name.indexOf('?') < 0;
    return same ? name + own.substring(parameters) : name;
  }
}
