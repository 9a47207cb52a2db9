/** Becoming the one process of the fleet that changes the schema, and waiting for the one that does. */
@NullMarked
package dev.gangway.leader;

import org.jspecify.annotations.NullMarked;
