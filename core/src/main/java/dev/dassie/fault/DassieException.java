package dev.dassie.fault;

/// The one exception of a refusal. Anything else that is thrown is a bug in Dassie.
public final class DassieException extends RuntimeException {
  private final Fault fault;

  public DassieException(Fault fault) {
    super(fault.message());
    this.fault = fault;
  }

  /// A refusal whose cause lies in a driver or the operating system.
  public DassieException(Fault fault, Throwable cause) {
    super(fault.message(), cause);
    this.fault = fault;
  }

  public Fault fault() {
    return fault;
  }
}
