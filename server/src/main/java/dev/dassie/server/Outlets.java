package dev.dassie.server;

import dev.dassie.content.ChunkStore;
import dev.dassie.fault.Fault;
import dev.dassie.fileset.Fileset;
import dev.dassie.job.Outlet;
import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.secret.SecretValues;
import dev.dassie.store.disk.FolderOutlet;
import dev.dassie.store.s3.S3Address;
import dev.dassie.store.s3.S3Limits;
import dev.dassie.store.s3.S3Outlet;
import dev.dassie.store.sql.PostgresOutlet;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.function.BooleanSupplier;

/// Egress by the kind of place. The libraries for S3 and PostgreSQL are loaded only where they are
/// used. Thread-safe.
final class Outlets implements Outlet {
  private final List<String> allowed;
  private final Path folder;

  /// @param allowed URLs of places that may be written with the server's own rights
  /// @param folder for files that are being sent
  Outlets(List<String> allowed, Path folder) {
    this.allowed = List.copyOf(allowed);
    this.folder = folder;
  }

  @Override
  public void check(Egress to) {
    outlet(to).check(to);
  }

  @Override
  public void write(
      Egress to,
      Fileset output,
      ChunkStore chunks,
      Optional<SecretValues> secret,
      BooleanSupplier stopped) {
    outlet(to).write(to, output, chunks, secret, stopped);
  }

  private Outlet outlet(Egress to) {
    return switch (to) {
      case Egress.Database _ -> new PostgresOutlet();
      case Egress.Objects objects when objects.url().startsWith("s3://") ->
          new S3Outlet(
              allowed("s3://").map(S3Address::parse).toList(), S3Limits.defaults(), folder);
      case Egress.Objects objects when objects.url().startsWith("file://") ->
          new FolderOutlet(
              allowed("file://").map(url -> Path.of(url.substring("file://".length()))).toList());
      case Egress.Objects objects ->
          throw new Fault.Invalid("`egress.URL`", objects.shown(), "`s3://…` or `file:///…`")
              .asException();
    };
  }

  private java.util.stream.Stream<String> allowed(String scheme) {
    return allowed.stream().filter(url -> url.startsWith(scheme));
  }
}
