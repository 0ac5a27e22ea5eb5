/// Jsonnet templates, rendered by a process of their own: a template is a program, which may use up
/// any amount of time and memory.
@NullMarked
package dev.dassie.server.jsonnet;

import org.jspecify.annotations.NullMarked;
