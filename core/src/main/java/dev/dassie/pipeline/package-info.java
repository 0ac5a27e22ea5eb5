/// What to compute: specs, inputs, datums and their keys.
@NullMarked
package dev.dassie.pipeline;

import org.jspecify.annotations.NullMarked;
