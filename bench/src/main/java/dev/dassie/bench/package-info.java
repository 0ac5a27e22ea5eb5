/// The budgets of the design, each as a program that prints its figure, the limit or peer measured
/// in the same run, and the ratio. Run all: `make bench`.
@NullMarked
package dev.dassie.bench;

import org.jspecify.annotations.NullMarked;
