package dev.dassie.bench;

import java.util.Locale;

/// One row of the table: what was measured against what.
///
/// @param budget its number, e.g. `P5`
/// @param value what was measured, in `unit`
/// @param peer the limit, or the peer's value in the same run
/// @param rule how value and peer must compare, in words
/// @param met whether they do
public record Figure(
    String budget, String work, double value, String unit, double peer, String rule, boolean met) {
  /// A row of a Markdown table.
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.3f %s | %.3f %s | %.2f | %s | %s |",
        budget,
        work,
        value,
        unit,
        peer,
        unit,
        value / peer,
        rule,
        met ? "met" : "MISSED");
  }

  static String header() {
    return """
    | # | Work | Figure | Limit or peer | Ratio | Rule | |
    |---|---|---|---|---|---|---|\
    """;
  }
}
