/// Runs datums as processes of this machine, each in a sandbox (design D7).
///
/// Three types matter: [ProcessExecutor], [Settings] and [Slot]. What a sandbox shows is decided in
/// `RootPlan`; the C program in `src/main/c` only makes it so.
@NullMarked
package dev.dassie.executor.process;

import org.jspecify.annotations.NullMarked;
