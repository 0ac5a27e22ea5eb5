/// Processes that stay: spouts and services. Each pipeline of that kind has one process at a time,
/// which is started again whenever it ends.
@NullMarked
package dev.dassie.job.standing;

import org.jspecify.annotations.NullMarked;
