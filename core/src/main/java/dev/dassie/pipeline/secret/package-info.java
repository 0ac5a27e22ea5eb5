/// Secrets: small values by name, encrypted where they are stored and told to nobody but the code
/// that a spec gives them to.
@NullMarked
package dev.dassie.pipeline.secret;

import org.jspecify.annotations.NullMarked;
