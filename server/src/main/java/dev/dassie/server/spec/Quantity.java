package dev.dassie.server.spec;

import java.math.BigDecimal;
import java.math.RoundingMode;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Amounts as Kubernetes writes them (its "resource quantities"): `64M`, `1.5Gi`, `500m`, `2`,
/// `1e9`.
final class Quantity {
  private static final Pattern TEXT =
      Pattern.compile(
          "([0-9]{1,18}(?:\\.[0-9]{0,9})?|\\.[0-9]{1,9})"
              + "(?:(n|u|m|k|M|G|T|P|E|Ki|Mi|Gi|Ti|Pi|Ei)|[eE]([-+]?[0-9]{1,2}))?");
  private static final Map<String, BigDecimal> UNITS =
      Map.ofEntries(
          Map.entry("n", BigDecimal.ONE.movePointLeft(9)),
          Map.entry("u", BigDecimal.ONE.movePointLeft(6)),
          Map.entry("m", BigDecimal.ONE.movePointLeft(3)),
          Map.entry("k", BigDecimal.ONE.movePointRight(3)),
          Map.entry("M", BigDecimal.ONE.movePointRight(6)),
          Map.entry("G", BigDecimal.ONE.movePointRight(9)),
          Map.entry("T", BigDecimal.ONE.movePointRight(12)),
          Map.entry("P", BigDecimal.ONE.movePointRight(15)),
          Map.entry("E", BigDecimal.ONE.movePointRight(18)),
          Map.entry("Ki", BigDecimal.valueOf(1L << 10)),
          Map.entry("Mi", BigDecimal.valueOf(1L << 20)),
          Map.entry("Gi", BigDecimal.valueOf(1L << 30)),
          Map.entry("Ti", BigDecimal.valueOf(1L << 40)),
          Map.entry("Pi", BigDecimal.valueOf(1L << 50)),
          Map.entry("Ei", BigDecimal.valueOf(1L << 60)));

  private Quantity() {}

  /// Nothing where the text is no amount.
  static Optional<BigDecimal> of(String text) {
    Matcher amount = TEXT.matcher(text);
    if (!amount.matches()) {
      return Optional.empty();
    }
    BigDecimal number = new BigDecimal(amount.group(1));
    BigDecimal unit = Optional.ofNullable(amount.group(2)).map(UNITS::get).orElse(BigDecimal.ONE);
    int exponent = Optional.ofNullable(amount.group(3)).map(Integer::parseInt).orElse(0);
    return Optional.of(number.multiply(unit).scaleByPowerOfTen(exponent));
  }

  /// An amount as a whole number, rounded up; nothing where it is more than 2^60.
  static Optional<Long> whole(BigDecimal amount) {
    BigDecimal whole = amount.setScale(0, RoundingMode.CEILING);
    return whole.compareTo(BigDecimal.valueOf(1L << 60)) > 0
        ? Optional.empty()
        : Optional.of(whole.longValueExact());
  }
}
