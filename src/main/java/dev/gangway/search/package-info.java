/**
 * Measures and accelerates similarity searches, where {@code gangway.search} asks for it: which statements those are, the
 * connection and the statements that stand around pgjdbc's own, and what becomes of the measurements.
 */
@NullMarked
package dev.gangway.search;

import org.jspecify.annotations.NullMarked;
