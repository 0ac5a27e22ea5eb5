/// Commands about files: put, get, list, glob, diff, copy, delete.
@NullMarked
package dev.dassie.cli.file;

import org.jspecify.annotations.NullMarked;
