/**
 * What the driver needs of pgjdbc beyond {@code java.sql}: physical connections that do not go through the driver
 * manager, and one simple-protocol message with all that the server answers to it.
 */
@NullMarked
package dev.gangway.pgjdbc;

import org.jspecify.annotations.NullMarked;
