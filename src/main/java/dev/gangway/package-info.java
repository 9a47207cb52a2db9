/**
 * Gangway's public face: the JDBC driver and the exceptions that it throws.
 */
@NullMarked
package dev.gangway;

import org.jspecify.annotations.NullMarked;
