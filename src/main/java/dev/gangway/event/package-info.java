/** Tells the application's listeners what happens to a schema. */
@NullMarked
package dev.gangway.event;

import org.jspecify.annotations.NullMarked;
