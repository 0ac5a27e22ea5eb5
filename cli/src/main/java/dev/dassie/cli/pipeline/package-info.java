/// Commands about pipelines, jobs, datums, logs and lineage.
@NullMarked
package dev.dassie.cli.pipeline;

import org.jspecify.annotations.NullMarked;
