/// What stays and what goes: garbage collection, the upkeep of packs, and checks of what is stored.
///
/// Start reading at [Retention].
@NullMarked
package dev.dassie.retention;

import org.jspecify.annotations.NullMarked;
