/// When a branch is to follow another, and schedules; knows nothing of repos.
@NullMarked
package dev.dassie.version.trigger;

import org.jspecify.annotations.NullMarked;
