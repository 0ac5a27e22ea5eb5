/// Stories about the whole, run against the shipped programs, and the tests that hold the house.
@NullMarked
package dev.dassie.acceptance;

import org.jspecify.annotations.NullMarked;
