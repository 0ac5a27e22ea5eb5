package dev.dassie.server.http;

/// Which Dassie answers: its version, the id of its build (`unpackaged` where it runs from classes)
/// and the format of folder that it writes.
public record About(String version, String build, int format) {}
