/// Real servers of other makers, started for the tests, and a wire between them and Dassie that can
/// be made to fail.
package dev.dassie.store.backend;
