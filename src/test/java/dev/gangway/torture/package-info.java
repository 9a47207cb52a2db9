/**
 * Everything that can die dies, at every message that a process sends, while it does each of the things that processes do
 * to a schema. {@link dev.gangway.torture.CutEverywhereIT} is where to begin.
 */
@NullMarked
package dev.gangway.torture;

import org.jspecify.annotations.NullMarked;
