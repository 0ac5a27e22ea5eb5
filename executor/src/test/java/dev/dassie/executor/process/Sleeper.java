package dev.dassie.executor.process;

/// A main class whose datum never ends: a server to be killed.
final class Sleeper {
  static final String MARK = "sleep 2828.4271";

  private Sleeper() {}

  public static void main(String[] arguments) throws Exception {
    try (Workshop shop = new Workshop(Sandbox.valueOf(arguments[0]))) {
      shop.sh("setsid " + MARK + " & " + MARK + "; exit");
    }
  }
}
