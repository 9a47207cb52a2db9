/**
 * The model of a migration: what a file on disk says, without any I/O.
 */
@NullMarked
package dev.gangway.migration;

import org.jspecify.annotations.NullMarked;
