package dev.dassie.server;

import java.util.Locale;
import java.util.Optional;

/// What can be configured. The key of the file is the name in lower case (`s3_port`), the variable
/// `DASSIE_S3_PORT`, the flag `--s3-port`.
enum Option {
  /// Address to listen on.
  BIND("127.0.0.1"),
  /// Port of the API and the console; 0 takes a free one.
  PORT("7340"),
  /// Port of the S3 API; 0 takes a free one.
  S3_PORT("7341"),
  /// Names of the server before which a bucket may stand in the host of a URL, separated by spaces:
  /// with `s3.example.org`, `master.images.s3.example.org` is the bucket `master.images`.
  S3_DOMAIN("localhost"),
  /// How long an upload in parts may take: a time such as `36h` or `7d`.
  S3_UPLOAD_EXPIRY("7d"),
  /// Uploads in parts of one branch that may be open at once.
  S3_UPLOADS("10000"),
  /// Where bytes are kept: `disk`, in the server's folder, or `s3://BUCKET[/PREFIX][?…]`.
  STORE("disk"),
  /// Where everything else is kept: `sqlite`, in the server's folder, or `postgresql://…`.
  DATABASE("sqlite"),
  /// What the cache of an S3 store may take of the disk, such as `500MiB` or `20GiB`.
  STORE_CACHE("4GiB"),
  /// Bytes that the body of one request may have, such as `100GiB`, or `none`.
  BODY_LIMIT("none"),
  /// Where datums run: `process`, on this machine, or `container`, in containers on it.
  EXECUTOR("process"),
  /// Datums that the server runs at once itself beside outside workers: `auto`, one for each
  /// processor; a number; or `none`, which leaves all to them.
  WORKERS("auto"),
  /// The file of the token that outside workers must show; without one, only those of this machine
  /// may take part, and none where the server can be reached from elsewhere.
  WORKER_TOKEN_FILE(""),
  /// Where the container engine answers: `auto`, or the path of its Unix socket.
  ENGINE("auto"),
  /// The image for code that names none (`transform.image`), where datums run in containers.
  IMAGE(""),
  /// When images are fetched: `missing`, `always` (for each job) or `never`.
  IMAGE_PULL("missing"),
  /// A file with the logins of registries, as `docker login` and `podman login` write it.
  REGISTRY_LOGINS(""),
  /// How datums are kept apart: `auto`, `namespaces`, `bubblewrap` or `none`.
  SANDBOX("auto"),
  /// Folders of the host that datums may read, separated by `:`.
  EXPOSE(""),
  /// How often garbage is collected: a time such as `24h` or `7d`, or `off`.
  GC("24h"),
  /// Folders of the host whose files may be referred to, separated by `:`. Without: files that
  /// every user of the host may read, where the server listens on the host alone, else none.
  REFERENCES_ALLOW(""),
  /// Where egress may write with the server's own rights: `file:///FOLDER` and
  /// `s3://BUCKET/PREFIX`, separated by spaces. Without: nowhere; with a secret of its own it may
  /// write to any S3 store.
  EGRESS_ALLOW(""),
  /// Users of the host that code may run as (`transform.user`), separated by `:`, where the server
  /// is root; without: `nobody` alone.
  USERS_ALLOW(""),
  /// What a datum may write to the disk: a size, or a part of what is free when it starts.
  DATUM_DISK("50%"),
  /// What a datum may use of the memory: a size, or a part of what the machine has.
  DATUM_MEMORY("75%"),
  /// Processes and threads that a datum may have at once.
  DATUM_PROCESSES("4096"),
  /// Datums that one job may have.
  JOB_DATUMS("5000000"),
  /// What is logged: `error`, `warning`, `info` or `debug`.
  LOG_LEVEL("info");

  private final String fallback;

  Option(String fallback) {
    this.fallback = fallback;
  }

  String fallback() {
    return fallback;
  }

  String key() {
    return name().toLowerCase(Locale.ROOT);
  }

  String variable() {
    return "DASSIE_" + name();
  }

  String flag() {
    return "--" + key().replace('_', '-');
  }

  static Optional<Option> ofKey(String key) {
    for (Option option : values()) {
      if (option.key().equals(key)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }

  static Optional<Option> ofFlag(String flag) {
    for (Option option : values()) {
      if (option.flag().equals(flag)) {
        return Optional.of(option);
      }
    }
    return Optional.empty();
  }
}
