package dev.dassie.pipeline.secret;

import java.util.Optional;

/// What a spec says of a secret that its code gets (`transform.secrets[]`, as in Pachyderm).
///
/// @param name the secret, in the project of the pipeline
/// @param key the value that the variable holds; there where `variable` is
/// @param folder a folder that has a file for each key of the secret
/// @param variable a variable that holds the value of `key`
public record SecretUse(
    String name, Optional<String> key, Optional<String> folder, Optional<String> variable) {}
