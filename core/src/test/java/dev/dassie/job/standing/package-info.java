@org.jspecify.annotations.NullMarked
package dev.dassie.job.standing;
