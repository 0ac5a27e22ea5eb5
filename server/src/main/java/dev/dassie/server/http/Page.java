package dev.dassie.server.http;

import dev.dassie.fault.Fault;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Iterator;
import java.util.function.Function;
import tools.jackson.databind.JsonNode;

/// A list as a resource gives it: items from a place on, each with its place and its JSON.
///
/// @param from opens the items that come after a place, in order; the empty place is the start
/// @param place where an item stands; goes to clients as an opaque cursor
record Page<T>(
    Function<String, Iterator<T>> from, Function<T, String> place, Function<T, JsonNode> json) {

  static String encode(String place) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(("1" + place).getBytes(StandardCharsets.UTF_8));
  }

  /// The place behind a cursor; whatever [#encode] did not make is refused.
  static String decode(String cursor) {
    if (cursor.isEmpty()) {
      return "";
    }
    try {
      String text = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      if (text.length() > 1 && encode(text.substring(1)).equals(cursor)) {
        return text.substring(1);
      }
    } catch (IllegalArgumentException e) {
      // Not Base64: refused like every other foreign text.
    }
    throw new Fault.Invalid(
            "The cursor",
            cursor.length() > 100 ? cursor.substring(0, 100) + "…" : cursor,
            "`next` of a page that this server gave")
        .asException();
  }
}
