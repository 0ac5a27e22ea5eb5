/// Every refusal that Dassie can give. Two types matter: [Fault] and [DassieException].
@NullMarked
package dev.dassie.fault;

import org.jspecify.annotations.NullMarked;
