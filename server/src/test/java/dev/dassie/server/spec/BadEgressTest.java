package dev.dassie.server.spec;

import static dev.dassie.server.spec.BadSpecsTest.bad;
import static dev.dassie.server.spec.BadSpecsTest.good;
import static dev.dassie.server.spec.BadSpecsTest.problems;
import static org.assertj.core.api.Assertions.assertThat;

import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/// Egress that is refused where specs are read.
final class BadEgressTest {
  @ParameterizedTest
  @MethodSource("table")
  void aBadEgressIsRefusedWithAllItsProblems(BadSpecsTest.Bad bad) {
    assertThat(problems(bad.text())).containsExactlyElementsOf(bad.problems());
  }

  static Stream<BadSpecsTest.Bad> table() {
    return Stream.of(
        bad(
            good("egress: {URL: gs://x}"),
            "1:15 `egress.URL` is `gs://x`, expected `s3://BUCKET/PREFIX` or `file:///FOLDER`."),
        bad(
            good("egress: {URL: file:///x, sqlDatabase: {url: x}}"),
            "1:9 `egress` names 2 places, expected one of `URL`, `objectStorage` and `sqlDatabase`."),
        bad(
            good(
                "egress: {sqlDatabase: {url: postgresql://u:pw@h/d, fileFormat: {type: PARQUET}}}"),
            "1:29 `egress.sqlDatabase.url` has a password in it, which everybody who may read the"
                + " spec would see. [Put it into a secret, and name that in `secret: {name: …, key: …}`.]",
            "1:71 `egress.sqlDatabase.fileFormat.type` is `PARQUET`, expected `CSV` or `JSON`."
                + " [Let the code write CSV: no database of ours reads Parquet.]"),
        bad(
            good("egress: {sqlDatabase: {url: mysql://u:pw@h/d, fileFormat: {type: JSON}}}"),
            "1:29 `egress.sqlDatabase.url` is `mysql://u:***@h/d`, expected"
                + " `postgresql://USER@HOST/DATABASE`; other databases are not supported yet.",
            "1:59 `egress.sqlDatabase.fileFormat.columns` is missing, expected the columns that"
                + " objects in JSON fill."));
  }
}
