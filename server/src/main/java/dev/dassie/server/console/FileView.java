package dev.dassie.server.console;

/// A way to look at a file, and whether it is the one that is shown.
///
/// @param word as links have it, empty for the usual one
public record FileView(String word, String label, boolean shown) {}
