@NullMarked
package dev.dassie.job.worker;

import org.jspecify.annotations.NullMarked;
