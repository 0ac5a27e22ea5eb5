package dev.dassie.server.spec;

import dev.dassie.pipeline.Resources;
import java.math.BigDecimal;
import java.util.Optional;

/// Reads `resourceLimits`, and checks `resourceRequests`, which is for other executors.
final class ResourceFields {
  private static final BigDecimal MOST_CPUS = BigDecimal.valueOf(100_000);
  private static final String LIMITS = "resourceLimits";
  private static final String REQUESTS = "resourceRequests";

  private final FieldCheck check;
  private final Problems problems;

  ResourceFields(FieldCheck check, Problems problems) {
    this.check = check;
    this.problems = problems;
  }

  Resources read(Checked root) {
    Checked limits = mapping(root, LIMITS, check);
    // Its parts are not told as unused beside the whole.
    Checked requests = mapping(root, REQUESTS, new FieldCheck(problems));
    BigDecimal cpu = amount(limits, "cpu");
    BigDecimal memory = amount(limits, "memory");
    BigDecimal disk = amount(limits, "disk");
    notOver(requests, "cpu", amount(requests, "cpu"), cpu);
    notOver(requests, "memory", amount(requests, "memory"), memory);
    notOver(requests, "disk", amount(requests, "disk"), disk);
    return new Resources(
        Quantity.whole(memory).orElse(0L),
        Quantity.whole(cpu.movePointRight(3)).map(Math::toIntExact).orElse(0),
        Quantity.whole(disk).orElse(0L));
  }

  private static Checked mapping(Checked root, String name, FieldCheck check) {
    return root.node(name)
        .map(node -> check.mapping(node, SpecFields.of(name), name))
        .orElse(Checked.absent(root, name));
  }

  /// 0 where nothing is said; it means no limit.
  private BigDecimal amount(Checked from, String field) {
    Optional<String> text = from.text(field);
    if (text.isEmpty()) {
      return BigDecimal.ZERO;
    }
    boolean cpu = field.equals("cpu");
    Optional<BigDecimal> amount = Quantity.of(text.get());
    if (amount.isEmpty()) {
      problem(from, field, text.get(), cpu ? "CPUs like `1.5` or `500m`" : "bytes like `512Mi`");
      return BigDecimal.ZERO;
    }
    boolean fraction = amount.get().signum() > 0 && amount.get().compareTo(BigDecimal.ONE) < 0;
    if (!cpu && fraction) {
      problems.add(
          from.placeOf(field),
          "`%s` is `%s`, which is less than one byte."
              .formatted(from.path(field), Said.value(text.get())),
          Optional.of("`m` is a thousandth; write `Mi` for MiB or `M` for megabytes."));
      return BigDecimal.ZERO;
    }
    boolean huge =
        cpu ? amount.get().compareTo(MOST_CPUS) > 0 : Quantity.whole(amount.get()).isEmpty();
    if (huge) {
      problem(from, field, text.get(), cpu ? "at most 100,000 CPUs" : "at most `1Ei`");
      return BigDecimal.ZERO;
    }
    return amount.get();
  }

  private void problem(Checked from, String field, String text, String expected) {
    problems.add(
        from.placeOf(field),
        "`%s` is `%s`, expected %s.".formatted(from.path(field), Said.value(text), expected));
  }

  private void notOver(Checked requests, String field, BigDecimal request, BigDecimal limit) {
    if (limit.signum() > 0 && request.compareTo(limit) > 0) {
      problem(
          requests,
          field,
          requests.text(field).orElse(""),
          "at most `%s.%s`".formatted(LIMITS, field));
    }
  }
}
