package dev.dassie.server.console;

import java.util.List;

/// What stands around the content of a page.
///
/// @param title of the browser's window
/// @param section which entry of the navigation it belongs to: `home`, `data`, …
/// @param crumbs the way to the page, the page itself last
/// @param live whether it follows what changes
public record Frame(String title, String section, List<Crumb> crumbs, boolean live, Site site) {
  public Frame {
    crumbs = List.copyOf(crumbs);
  }

  /// One step of the way; the last has no address.
  public record Crumb(String text, String link) {}

  /// What all pages share.
  ///
  /// @param assets where styles and scripts stand, with the digest of all of them
  public record Site(String version, String assets) {
    public String asset(String name) {
      return assets + name;
    }
  }
}
