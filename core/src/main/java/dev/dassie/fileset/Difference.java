package dev.dassie.fileset;

import java.util.Optional;

/// One file that differs between two filesets: added where `old` is absent, deleted where `now` is
/// absent, else changed in its bytes or its executable flag.
public record Difference(FilePath path, Optional<Entry.File> old, Optional<Entry.File> now) {}
