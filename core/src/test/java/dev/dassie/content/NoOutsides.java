package dev.dassie.content;

import dev.dassie.fault.Fault;
import java.io.InputStream;
import java.util.Iterator;
import java.util.Optional;

/// A world without files outside.
public final class NoOutsides implements OutsideReader {
  @Override
  public Outside look(String location) {
    throw none(location);
  }

  @Override
  public Iterator<Found> beneath(String location) {
    throw none(location);
  }

  @Override
  public InputStream open(Outside file, String name, long offset, long length) {
    throw none(file.location());
  }

  private static RuntimeException none(String location) {
    return new Fault.NotFound("file", location, Optional.empty()).asException();
  }
}
