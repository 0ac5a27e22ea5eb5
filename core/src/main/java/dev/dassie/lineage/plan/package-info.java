/// What a change would make run, before it is made. Changes nothing.
@NullMarked
package dev.dassie.lineage.plan;

import org.jspecify.annotations.NullMarked;
