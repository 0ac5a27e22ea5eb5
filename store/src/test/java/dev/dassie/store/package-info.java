/// What the tests of several stores share.
@NullMarked
package dev.dassie.store;

import org.jspecify.annotations.NullMarked;
