/// Several changes of repos, branches, commits and pipelines that happen together or not at all.
@NullMarked
package dev.dassie.pipeline.transaction;

import org.jspecify.annotations.NullMarked;
