package dev.dassie.cli.file;

import dev.dassie.api.Problem;
import dev.dassie.api.Request;
import java.util.Optional;
import picocli.CommandLine.Option;

/// How `put file` cuts a file into parts. The names behind the first are those of `pachctl`.
final class SplitOptions {
  @Option(
      names = "--split",
      paramLabel = "line|csv|json",
      description = "Cut the file into parts at the ends of lines, rows or JSON values.")
  private Optional<String> form = Optional.empty();

  @Option(names = "--header", description = "Every part begins with the first record.")
  private boolean header;

  @Option(
      names = "--header-records",
      paramLabel = "N",
      description = "Every part begins with the first N records.")
  private Optional<Integer> headerRecords = Optional.empty();

  @Option(
      names = "--delimiter",
      paramLabel = "C",
      description = "Between fields of CSV, if not a comma; `tab` for a tab.")
  private Optional<String> delimiter = Optional.empty();

  @Option(
      names = {"--target-bytes", "--target-file-bytes"},
      paramLabel = "N",
      description = "A part ends with the record that reaches so many bytes.")
  private Optional<Long> targetBytes = Optional.empty();

  @Option(
      names = {"--target-rows", "--target-file-datums"},
      paramLabel = "N",
      description = "A part ends when it has so many records.")
  private Optional<Long> targetRows = Optional.empty();

  boolean isAsked() {
    return form.isPresent();
  }

  Request on(Request put) {
    if (form.isEmpty()
        && (header
            || headerRecords.isPresent()
            || delimiter.isPresent()
            || targetBytes.isPresent()
            || targetRows.isPresent())) {
      throw Problem.of(
              Problem.INVALID,
              "Options that say how to split were given, expected `--split` beside them.",
              Optional.of("`--split line`, `--split csv` or `--split json`."))
          .asException();
    }
    if (header && headerRecords.isPresent()) {
      throw Problem.invalid("`--header` and `--header-records` were given, expected one of them.")
          .asException();
    }
    return put.with("split", form)
        .with("header", header ? Optional.of("1") : headerRecords.map(String::valueOf))
        .with("delimiter", delimiter.map(typed -> typed.equals("tab") ? "\t" : typed))
        .with("target_bytes", targetBytes.map(String::valueOf))
        .with("target_rows", targetRows.map(String::valueOf));
  }
}
