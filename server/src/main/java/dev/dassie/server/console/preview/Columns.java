package dev.dassie.server.console.preview;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;

/// Measures the columns of rows as they go by. Not thread-safe.
final class Columns {
  /// Values that are told apart; beyond, a column has at least so many.
  static final int DISTINCT_MAX = 1000;

  private static final Pattern INTEGER = Pattern.compile("[+-]?[0-9]{1,18}");
  private static final Pattern NUMBER =
      Pattern.compile("[+-]?([0-9]+\\.?[0-9]*|\\.[0-9]+)([eE][+-]?[0-9]{1,3})?");
  private static final Pattern TRUTH = Pattern.compile("(?i)true|false");
  private static final Pattern DATE =
      Pattern.compile("[0-9]{4}-[0-9]{2}-[0-9]{2}([T ][0-9:.]{4,18}(Z|[+-][0-9:]{4,6})?)?");
  private static final int SHOWN = 80;

  private final List<Measure> measures = new ArrayList<>();

  Columns(List<String> names) {
    names.forEach(name -> measures.add(new Measure(name)));
  }

  void add(List<String> row) {
    for (int i = 0; i < measures.size(); i++) {
      measures.get(i).add(i < row.size() ? row.get(i) : "");
    }
  }

  List<Preview.Column> done() {
    return measures.stream().map(Measure::column).toList();
  }

  private static final class Measure {
    private final String name;
    private final Set<String> distinct = new HashSet<>();
    private boolean integers = true;
    private boolean numbers = true;
    private boolean truths = true;
    private boolean dates = true;
    private long empty;
    private long there;
    private double least = Double.POSITIVE_INFINITY;
    private double most = Double.NEGATIVE_INFINITY;
    private String leastText = "";
    private String mostText = "";
    private String first = "";
    private String last = "";

    Measure(String name) {
      this.name = name;
    }

    void add(String value) {
      if (value.isEmpty()) {
        empty++;
        return;
      }
      integers = integers && INTEGER.matcher(value).matches();
      numbers = numbers && value.length() < 40 && NUMBER.matcher(value).matches();
      truths = truths && TRUTH.matcher(value).matches();
      dates = dates && DATE.matcher(value).matches();
      if (numbers) {
        double number = Double.parseDouble(value);
        if (number < least) {
          least = number;
          leastText = value;
        }
        if (number > most) {
          most = number;
          mostText = value;
        }
      }
      first = there == 0 || value.compareTo(first) < 0 ? value : first;
      last = there == 0 || value.compareTo(last) > 0 ? value : last;
      there++;
      if (distinct.size() < DISTINCT_MAX) {
        distinct.add(value);
      }
    }

    Preview.Column column() {
      return new Preview.Column(
          name, type(), empty, distinct.size(), range(leastText, first), range(mostText, last));
    }

    private String type() {
      if (there == 0) {
        return "empty";
      }
      return integers
          ? "integer"
          : numbers ? "number" : truths ? "boolean" : dates ? "date" : "text";
    }

    private Optional<String> range(String ofNumbers, String ofTexts) {
      if (there == 0 || truths) {
        return Optional.empty();
      }
      String value = numbers ? ofNumbers : ofTexts;
      return Optional.of(value.length() > SHOWN ? value.substring(0, SHOWN) + "…" : value);
    }
  }
}
