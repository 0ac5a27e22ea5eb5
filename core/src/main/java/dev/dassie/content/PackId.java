package dev.dassie.content;

import dev.dassie.content.ChunkStore.Role;
import java.util.HexFormat;
import java.util.Locale;
import java.util.Optional;
import java.util.random.RandomGenerator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The name of a pack: its role and 128 random bits. Never derived from content, so that a
/// re-upload cannot meet a pack that is being deleted.
record PackId(Role role, long high, long low) {
  private static final Pattern KEY =
      Pattern.compile("packs/(data|tree)/([0-9a-f]{2})/((?:\\2)[0-9a-f]{30})\\.pack");

  static PackId random(Role role, RandomGenerator source) {
    return new PackId(role, source.nextLong(), source.nextLong());
  }

  /// The prefix of the keys of all packs of a role.
  static String prefix(Role role) {
    return "packs/" + role.name().toLowerCase(Locale.ROOT) + "/";
  }

  /// Reads a key; anything that is not a pack's is empty.
  static Optional<PackId> parse(String key) {
    Matcher matcher = KEY.matcher(key);
    if (!matcher.matches()) {
      return Optional.empty();
    }
    String name = matcher.group(3);
    return Optional.of(
        new PackId(
            matcher.group(1).equals("data") ? Role.DATA : Role.TREE,
            HexFormat.fromHexDigitsToLong(name, 0, 16),
            HexFormat.fromHexDigitsToLong(name, 16, 32)));
  }

  /// The key in the object store.
  String key() {
    HexFormat hex = HexFormat.of();
    String name = hex.toHexDigits(high) + hex.toHexDigits(low);
    return prefix(role) + name.substring(0, 2) + "/" + name + ".pack";
  }

  @Override
  public String toString() {
    return key();
  }
}
