package dev.dassie.server.s3.protocol;

import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/// A request that S3's rules refuse: the code, a sentence for a person, and the elements that the
/// code has beside it. What core refuses becomes one of these at the door.
public final class Refusal extends RuntimeException {
  private final Code code;
  private final String sentence;
  private final Map<String, String> details = new LinkedHashMap<>();

  public Refusal(Code code, String sentence) {
    super(sentence);
    this.code = code;
    this.sentence = sentence;
  }

  /// An argument that breaks a rule; `expected` ends the sentence.
  public static Refusal argument(String name, String value, String expected) {
    return new Refusal(
            Code.INVALID_ARGUMENT,
            "`%s` is `%s`, expected %s.".formatted(name, shortened(value), expected))
        .with("ArgumentName", name)
        .with("ArgumentValue", shortened(value));
  }

  /// The same refusal with one more element in its document.
  public Refusal with(String element, String value) {
    details.put(element, value);
    return this;
  }

  public Code code() {
    return code;
  }

  public String sentence() {
    return sentence;
  }

  /// Elements beside code and message, in the order they were given.
  public Map<String, String> details() {
    return details;
  }

  public Optional<String> detail(String element) {
    return Optional.ofNullable(details.get(element));
  }

  /// A value from outside, cut to what fits a sentence.
  public static String shortened(String value) {
    return value.length() > 200 ? value.substring(0, 200) + "…" : value;
  }
}
