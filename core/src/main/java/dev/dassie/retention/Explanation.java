package dev.dassie.retention;

import java.util.Map;

/// What holds the bytes of a repo.
///
/// @param total bytes that its commits reach
/// @param only bytes that nothing else holds: they come back when the repo is deleted
/// @param shared bytes that others hold too, by the first of them
public record Explanation(String repo, long total, long only, Map<Holder, Long> shared) {}
