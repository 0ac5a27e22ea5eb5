package dev.dassie.server.spec;

import dev.dassie.pipeline.Egress;
import dev.dassie.pipeline.secret.SecretName;
import dev.dassie.store.s3.S3Address;
import dev.dassie.store.sql.PostgresAddress;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;

/// Reads `egress`. Which places are allowed is the instance's to say.
final class Egresses {
  private final FieldCheck check;
  private final Problems problems;

  Egresses(FieldCheck check, Problems problems) {
    this.check = check;
    this.problems = problems;
  }

  /// A secret and a key of it.
  private record Named(Optional<String> name, Optional<String> key) {}

  Optional<Egress> read(Checked root) {
    Optional<Node> node = root.node("egress");
    if (node.isEmpty()) {
      return Optional.empty();
    }
    List<Known> fields = SpecFields.of("egress");
    Checked egress = check.mapping(node.get(), fields, "egress");
    Optional<String> url = egress.text("URL");
    Optional<Checked> longer =
        egress
            .node("objectStorage")
            .map(inner ->
                check.mapping(
                    inner, SpecFields.in(fields, "objectStorage"), egress.path("objectStorage")));
    Optional<Node> database = egress.node("sqlDatabase");
    long kinds = (url.isPresent() ? 1 : 0) + longer.stream().count() + database.stream().count();
    if (kinds != 1) {
      if (egress.told().isEmpty()) {
        problems.add(
            egress.place(),
            "`egress` names %d places, expected one of `URL`, `objectStorage` and `sqlDatabase`."
                .formatted(kinds));
      }
      return Optional.empty();
    }
    if (database.isPresent()) {
      return database(
          check.mapping(
              database.get(), SpecFields.in(fields, "sqlDatabase"), egress.path("sqlDatabase")),
          SpecFields.in(fields, "sqlDatabase"));
    }
    Named secret = secret(egress, fields);
    return url.isPresent()
        ? objects(egress, "URL", url.get(), secret)
        : longer.get().text("url").flatMap(text -> objects(longer.get(), "url", text, secret));
  }

  private Optional<Egress> objects(Checked from, String field, String url, Named secret) {
    boolean s3 = url.startsWith("s3://");
    if (!s3 && !url.startsWith("file://")) {
      problems.add(
          from.placeOf(field),
          "`%s` is `%s`, expected `s3://BUCKET/PREFIX` or `file:///FOLDER`."
              .formatted(from.path(field), Said.value(url)));
      return Optional.empty();
    }
    if (s3) {
      Optional<S3Address> address =
          SpecReader.attempt(
              problems, from.placeOf(field), from.path(field), () -> S3Address.parse(url));
      if (address.isEmpty()) {
        return Optional.empty();
      }
    }
    return Optional.of(new Egress.Objects(url, secret.name()));
  }

  private Optional<Egress> database(Checked database, List<Known> fields) {
    Named secret = secret(database, fields);
    Optional<String> url = database.text("url");
    if (url.isEmpty() && !database.told().contains("url")) {
      problems.add(
          database.place(),
          "`%s` is missing, expected `postgresql://USER@HOST/DATABASE`."
              .formatted(database.path("url")));
    }
    Optional<String> good = url.flatMap(text -> address(database, text));
    Checked format =
        database
            .node("fileFormat")
            .map(node ->
                check.mapping(
                    node, SpecFields.in(fields, "fileFormat"), database.path("fileFormat")))
            .orElse(Checked.absent(database, "fileFormat"));
    List<String> columns = format.texts("columns");
    Optional<Egress.Format> type = format(format, columns);
    if (good.isEmpty() || type.isEmpty()) {
      return Optional.empty();
    }
    return Optional.of(
        new Egress.Database(good.get(), type.get(), columns, secret.name(), secret.key()));
  }

  private Optional<String> address(Checked database, String url) {
    if (!PostgresAddress.isOne(url)) {
      problems.add(
          database.placeOf("url"),
          "`%s` is `%s`, expected `postgresql://USER@HOST/DATABASE`; other databases are not supported yet."
              .formatted(database.path("url"), Said.value(PostgresAddress.redacted(url))));
      return Optional.empty();
    }
    Optional<PostgresAddress> address =
        SpecReader.attempt(
            problems,
            database.placeOf("url"),
            database.path("url"),
            () -> PostgresAddress.parse(url, Map.of()));
    if (address.flatMap(PostgresAddress::password).isPresent()) {
      problems.add(
          database.placeOf("url"),
          "`%s` has a password in it, which everybody who may read the spec would see."
              .formatted(database.path("url")),
          Optional.of("Put it into a secret, and name that in `secret: {name: …, key: …}`."));
      return Optional.empty();
    }
    return address.map(_ -> url);
  }

  private Optional<Egress.Format> format(Checked format, List<String> columns) {
    String type = format.text("type").orElse("").toUpperCase(Locale.ROOT);
    return switch (type) {
      case "CSV" -> Optional.of(Egress.Format.CSV);
      case "JSON" -> {
        if (columns.isEmpty()) {
          problems.add(
              format.place(),
              "`%s` is missing, expected the columns that objects in JSON fill."
                  .formatted(format.path("columns")));
          yield Optional.empty();
        }
        yield Optional.of(Egress.Format.JSON);
      }
      default -> {
        if (!format.told().contains("type")) {
          problems.add(
              format.placeOf("type"),
              "`%s` is `%s`, expected `CSV` or `JSON`."
                  .formatted(format.path("type"), Said.value(type)),
              type.equals("PARQUET")
                  ? Optional.of("Let the code write CSV: no database of ours reads Parquet.")
                  : Optional.empty());
        }
        yield Optional.empty();
      }
    };
  }

  private Named secret(Checked from, List<Known> fields) {
    Optional<Node> node = from.node("secret");
    if (node.isEmpty()) {
      return new Named(Optional.empty(), Optional.empty());
    }
    Checked secret =
        check.mapping(node.get(), SpecFields.in(fields, "secret"), from.path("secret"));
    Optional<String> name = secret.text("name");
    if (name.isEmpty()) {
      problems.add(
          secret.place(),
          "`%s` is missing, expected the name of a secret.".formatted(secret.path("name")));
    } else {
      Optional<SecretName> _ =
          SpecReader.attempt(
              problems,
              secret.placeOf("name"),
              secret.path("name"),
              () -> new SecretName("default", name.get()));
    }
    return new Named(name, secret.text("key"));
  }
}
