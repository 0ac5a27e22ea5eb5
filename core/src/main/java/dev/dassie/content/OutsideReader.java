package dev.dassie.content;

import java.io.InputStream;
import java.util.Iterator;

/// The port to files that lie elsewhere. What may be referred to is the implementation's to decide.
/// Thread-safe.
public interface OutsideReader {
  /// The file at a location as it is now. What is not there is `Fault.NotFound`, what may not be
  /// read `Fault.Denied`, a kind of location that is not known `Fault.Unsupported`.
  Outside look(String location);

  /// All files beneath a location that is a folder, each with its path from there, by name. They
  /// are looked at as they are asked for.
  Iterator<Found> beneath(String location);

  /// A file of a folder.
  ///
  /// @param path from the folder, parts separated by `/`
  record Found(String path, Outside file) {}

  /// Up to `length` bytes from `offset`. A file that is not the recorded version any more is
  /// `Fault.Failed`, which names it as `name`; also found out while it is read.
  InputStream open(Outside file, String name, long offset, long length);
}
