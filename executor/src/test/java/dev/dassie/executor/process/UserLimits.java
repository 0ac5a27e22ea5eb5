package dev.dassie.executor.process;

/// A main class that runs code which takes all it can get as whoever starts it, and says what
/// became of it.
final class UserLimits {
  private UserLimits() {}

  public static void main(String[] arguments) throws Exception {
    try (Workshop shop =
        new Workshop(Sandbox.NAMESPACES, settings -> settings.within(LimitsTest.SMALL))) {
      System.out.println(LimitsTest.reason(shop.sh("exec cat /dev/zero > /pfs/out/file")));
      System.out.println(LimitsTest.reason(shop.sh("while :; do sleep 1000 & done")));
      System.out.println(LimitsTest.reason(shop.sh("tail /dev/zero & tail /dev/zero")));
    }
  }
}
