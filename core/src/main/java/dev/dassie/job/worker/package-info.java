/// Workers outside of the server: who takes part, which datums they have under which lease, and
/// what they report. The process of the server is one worker more.
@NullMarked
package dev.dassie.job.worker;

import org.jspecify.annotations.NullMarked;
