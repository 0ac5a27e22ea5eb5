/// Computing it: plan, run, record. The port is [Executor].
@NullMarked
package dev.dassie.job;

import org.jspecify.annotations.NullMarked;
