/// Pipeline specs as people write them: JSON or YAML in, a checked `PipelineSpec` or all problems
/// at once out.
///
/// Three types matter: [SpecReader], [ParsedSpec] and the table of all known fields, [SpecFields].
@NullMarked
package dev.dassie.server.spec;

import org.jspecify.annotations.NullMarked;
