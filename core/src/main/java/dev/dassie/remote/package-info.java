/// Data that leaves an instance and comes into another: archives.
@NullMarked
package dev.dassie.remote;

import org.jspecify.annotations.NullMarked;
