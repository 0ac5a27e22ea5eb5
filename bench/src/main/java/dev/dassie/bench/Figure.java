package dev.dassie.bench;

import java.util.Locale;

/// One row of the table: what was measured against what.
///
/// @param budget its number, e.g. `P5`
/// @param value what was measured, in `unit`
/// @param peer the limit, or the peer's value in the same run
/// @param rule how value and peer must compare, in words
/// @param met whether they do
/// @param load of the machine, the average of the last minute
public record Figure(
    String budget,
    String work,
    double value,
    String unit,
    double peer,
    String rule,
    boolean met,
    double load) {
  /// A figure of a work that has just ended, with the load of the machine now.
  public Figure(
      String budget,
      String work,
      double value,
      String unit,
      double peer,
      String rule,
      boolean met) {
    this(budget, work, value, unit, peer, rule, met, Main.load());
  }

  /// A row of a Markdown table.
  String row() {
    return String.format(
        Locale.ROOT,
        "| %s | %s | %.3f %s | %.3f %s | %s | %s | %s | %.1f |",
        budget,
        work,
        value,
        unit,
        peer,
        unit,
        peer == 0 ? "-" : String.format(Locale.ROOT, "%.2f", value / peer),
        rule,
        met ? "met" : "MISSED",
        load);
  }

  static String header() {
    return """
    | # | Work | Figure | Limit or peer | Ratio | Rule | | Load |
    |---|---|---|---|---|---|---|---|\
    """;
  }
}
