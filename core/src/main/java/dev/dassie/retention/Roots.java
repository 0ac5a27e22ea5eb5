package dev.dassie.retention;

/// Names what live things hold: the port through which every room that keeps chunks says so. Each
/// source of roots MUST name, in any order, every chunk that its records name directly; the marker
/// goes on from there.
public interface Roots {
  /// Names all that is held to the marker.
  void each(Marker marker);
}
