package dev.dassie.server;

import dev.dassie.executor.datum.Limits;
import dev.dassie.executor.datum.Share;
import dev.dassie.fault.Fault;
import dev.dassie.server.http.Setting;
import dev.dassie.store.s3.S3Address;
import dev.dassie.store.sql.PostgresAddress;
import dev.dassie.version.multipart.UploadLimits;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/// What the server was told, each value with its source. A flag wins over the environment, that
/// over the file, that over the default. Immutable.
public final class Configuration {
  private static final List<String> SANDBOXES = List.of("auto", "namespaces", "bubblewrap", "none");
  private static final List<String> EXECUTORS = List.of("process", "container");
  private static final List<String> PULLS = List.of("missing", "always", "never");
  private static final List<String> LEVELS = List.of("error", "warning", "info", "debug");

  private static final Pattern SIZE = Pattern.compile("([1-9][0-9]{0,5})(MiB|GiB)");
  private static final Pattern PERCENT = Pattern.compile("([1-9][0-9]?|100)%");
  private static final Pattern TIME = Pattern.compile("([1-9][0-9]{0,4})([mhd])");

  private final Path home;
  private final List<Setting> settings;
  private final EnumMap<Option, Setting> chosen;
  private final Optional<Path> announce;
  private final boolean rebuild;

  Configuration(
      Path home,
      Setting homeSetting,
      EnumMap<Option, Setting> chosen,
      Optional<Path> announce,
      boolean rebuild) {
    this.home = home;
    this.announce = announce;
    this.rebuild = rebuild;
    for (Option option : Option.values()) {
      chosen.putIfAbsent(option, new Setting(option.key(), option.fallback(), Setting.DEFAULT));
    }
    this.chosen = new EnumMap<>(chosen);
    settings =
        Stream.concat(
                Stream.of(homeSetting), this.chosen.values().stream().map(Configuration::shown))
            .toList();
    check();
  }

  /// Reads flags, environment and file.
  ///
  /// @param arguments as after `dassie server`
  /// @throws dev.dassie.fault.DassieException `Invalid` or `InvalidDocument` for a value, key or
  ///   flag that is not known
  public static Configuration read(List<String> arguments, Map<String, String> environment) {
    return new ConfigurationReader(environment).read(arguments);
  }

  /// No password is ever told.
  private static Setting shown(Setting setting) {
    return new Setting(setting.key(), PostgresAddress.redacted(setting.value()), setting.source());
  }

  private void check() {
    port();
    s3Port();
    List<String> _ = s3Domains();
    Optional<Duration> _ = gc();
    if (!store().equals("disk")) {
      var _ = S3Address.parse(store());
    }
    if (!database().equals("sqlite")) {
      var _ = PostgresAddress.parse(database(), Map.of());
    }
    long _ = storeCache();
    long _ = bodyLimit();
    List<String> _ = egress();
    Limits _ = datumLimits();
    long _ = jobDatums();
    int _ = workers();
    UploadLimits _ = uploads();
    oneOf(Option.SANDBOX, SANDBOXES);
    oneOf(Option.EXECUTOR, EXECUTORS);
    oneOf(Option.IMAGE_PULL, PULLS);
    oneOf(Option.LOG_LEVEL, LEVELS);
    if (bind().isBlank()) {
      throw new Fault.Invalid("`bind`", bind(), "an address of this machine").asException();
    }
  }

  /// `$DASSIE_HOME`, absolute.
  public Path home() {
    return home;
  }

  public String bind() {
    return value(Option.BIND);
  }

  public int port() {
    return number(Option.PORT, 65_535);
  }

  public int s3Port() {
    return number(Option.S3_PORT, 65_535);
  }

  /// Whether somebody said which port the S3 API has.
  public boolean choseS3Port() {
    return !setting(Option.S3_PORT).source().equals(Setting.DEFAULT);
  }

  /// Names of the server before which a bucket may stand in the host of a URL, in lower case.
  public List<String> s3Domains() {
    List<String> names =
        List.of(value(Option.S3_DOMAIN).strip().toLowerCase(Locale.ROOT).split("\\s+"));
    for (String name : names) {
      if (!name.matches("[a-z0-9.-]{1,253}")) {
        throw new Fault.Invalid(
                "`%s` (%s)".formatted(Option.S3_DOMAIN.key(), setting(Option.S3_DOMAIN).source()),
                name,
                "names of hosts, separated by spaces")
            .asException();
      }
    }
    return names;
  }

  /// Whether the server listens for programs of its machine alone.
  public boolean isLoopback() {
    return bind().equals("localhost") || bind().startsWith("127.") || bind().equals("::1");
  }

  /// `disk` or the URL of an S3 store.
  public String store() {
    return value(Option.STORE);
  }

  /// `sqlite` or the URL of a PostgreSQL database, which may have a password in it.
  public String database() {
    return value(Option.DATABASE);
  }

  /// In bytes.
  public long storeCache() {
    return size(Option.STORE_CACHE, "a size such as `500MiB` or `20GiB`");
  }

  /// Bytes of the body of one request at most.
  public long bodyLimit() {
    return value(Option.BODY_LIMIT).equals("none")
        ? Long.MAX_VALUE
        : size(Option.BODY_LIMIT, "`none`, or a size such as `500MiB` or `20GiB`");
  }

  /// Users of the host that code may run as.
  public List<String> users() {
    String text = value(Option.USERS_ALLOW);
    return text.isEmpty() ? List.of() : List.of(text.split(":"));
  }

  /// What any datum may take.
  public Limits datumLimits() {
    return new Limits(
        share(Option.DATUM_DISK),
        share(Option.DATUM_MEMORY),
        (int) count(Option.DATUM_PROCESSES, 4_000_000));
  }

  /// Datums that one job may have.
  public long jobDatums() {
    return count(Option.JOB_DATUMS, 1_000_000_000);
  }

  /// How long uploads in parts may take, and how many there may be.
  public UploadLimits uploads() {
    return new UploadLimits(
        time(Option.S3_UPLOAD_EXPIRY, "a time such as `30m`, `36h` or `7d`"),
        (int) count(Option.S3_UPLOADS, 1_000_000));
  }

  private Share share(Option option) {
    Matcher part = PERCENT.matcher(value(option));
    return part.matches()
        ? Share.ofPercent(Integer.parseInt(part.group(1)))
        : Share.ofBytes(
            size(option, "a size such as `500MiB` or `20GiB`, or a part such as `50%`"));
  }

  private long count(Option option, long most) {
    String text = value(option);
    if (text.matches("[1-9][0-9]{0,9}") && Long.parseLong(text) <= most) {
      return Long.parseLong(text);
    }
    throw new Fault.Invalid(
            "`%s` (%s)".formatted(option.key(), setting(option).source()),
            text,
            "a number from 1 to %,d".formatted(most))
        .asException();
  }

  private long size(Option option, String expected) {
    Matcher size = SIZE.matcher(value(option));
    if (!size.matches()) {
      throw new Fault.Invalid(
              "`%s` (%s)".formatted(option.key(), setting(option).source()),
              value(option),
              expected)
          .asException();
    }
    return Long.parseLong(size.group(1)) << (size.group(2).equals("MiB") ? 20 : 30);
  }

  /// `process` or `container`.
  public String executor() {
    return value(Option.EXECUTOR);
  }

  /// Datums that the server runs at once itself, beside outside workers; 0 for none.
  public int workers() {
    return switch (value(Option.WORKERS)) {
      case "none" -> 0;
      case "auto" -> Runtime.getRuntime().availableProcessors();
      default -> (int) count(Option.WORKERS, 1_000);
    };
  }

  /// The file of the token of outside workers.
  public Optional<Path> workerToken() {
    return Optional.of(value(Option.WORKER_TOKEN_FILE))
        .filter(text -> !text.isEmpty())
        .map(Path::of);
  }

  /// Where the container engine answers; absent, it is looked for.
  public Optional<Path> engine() {
    String text = value(Option.ENGINE);
    return text.equals("auto")
        ? Optional.empty()
        : Optional.of(Path.of(text.replaceFirst("^unix://", "")));
  }

  /// The image for code that names none.
  public Optional<String> image() {
    return Optional.of(value(Option.IMAGE)).filter(text -> !text.isEmpty());
  }

  /// `missing`, `always` or `never`.
  public String imagePull() {
    return value(Option.IMAGE_PULL);
  }

  /// The file with the logins of registries.
  public Optional<Path> registryLogins() {
    return Optional.of(value(Option.REGISTRY_LOGINS)).filter(text -> !text.isEmpty()).map(Path::of);
  }

  public String sandbox() {
    return value(Option.SANDBOX);
  }

  /// Folders of the host that datums may read.
  public List<Path> expose() {
    return folders(Option.EXPOSE);
  }

  /// Folders of the host whose files may be referred to.
  public List<Path> references() {
    return folders(Option.REFERENCES_ALLOW);
  }

  /// Places that egress may write with the server's own rights.
  public List<String> egress() {
    String text = value(Option.EGRESS_ALLOW).strip();
    List<String> places = text.isEmpty() ? List.of() : List.of(text.split("\\s+"));
    for (String place : places) {
      if (place.startsWith("s3://")) {
        var _ = S3Address.parse(place);
      } else if (!place.startsWith("file:///")) {
        throw new Fault.Invalid(
                "`%s` (%s)"
                    .formatted(Option.EGRESS_ALLOW.key(), setting(Option.EGRESS_ALLOW).source()),
                place,
                "`file:///FOLDER` or `s3://BUCKET/PREFIX`, separated by spaces")
            .asException();
      }
    }
    return places;
  }

  private List<Path> folders(Option option) {
    return value(option).isEmpty()
        ? List.of()
        : Arrays.stream(value(option).split(":")).map(Path::of).toList();
  }

  /// Time between collections of garbage; none are made without it.
  public Optional<Duration> gc() {
    String text = value(Option.GC);
    return text.equals("off")
        ? Optional.empty()
        : Optional.of(time(Option.GC, "`off`, or a time such as `30m`, `24h` or `7d`"));
  }

  private Duration time(Option option, String expected) {
    Matcher time = TIME.matcher(value(option));
    if (!time.matches()) {
      throw new Fault.Invalid(
              "`%s` (%s)".formatted(option.key(), setting(option).source()),
              value(option),
              expected)
          .asException();
    }
    long count = Long.parseLong(time.group(1));
    return switch (time.group(2)) {
      case "m" -> Duration.ofMinutes(count);
      case "h" -> Duration.ofHours(count);
      default -> Duration.ofDays(count);
    };
  }

  public String logLevel() {
    return value(Option.LOG_LEVEL);
  }

  /// Whether the database, which must be new, is to be made from what stands in the store.
  public boolean rebuild() {
    return rebuild;
  }

  /// Where to write the server's URL once it serves, for scripts that let it choose a port.
  public Optional<Path> announce() {
    return announce;
  }

  /// Every value with its source, in a fixed order.
  public List<Setting> settings() {
    return settings;
  }

  private Setting setting(Option option) {
    return Objects.requireNonNull(chosen.get(option));
  }

  private String value(Option option) {
    return setting(option).value();
  }

  private int number(Option option, int most) {
    String text = value(option);
    if (text.matches("[0-9]{1,5}") && Integer.parseInt(text) <= most) {
      return Integer.parseInt(text);
    }
    throw new Fault.Invalid(
            "`%s` (%s)".formatted(option.key(), setting(option).source()),
            text,
            "a number from 0 to " + most)
        .asException();
  }

  private void oneOf(Option option, List<String> allowed) {
    if (!allowed.contains(value(option))) {
      throw new Fault.Invalid(
              "`%s` (%s)".formatted(option.key(), setting(option).source()),
              value(option),
              "one of `" + String.join("`, `", allowed) + "`")
          .asException();
    }
  }
}
