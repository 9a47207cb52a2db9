/**
 * Finds migrations: on the class path, in folders and in the packs that come with Gangway.
 */
@NullMarked
package dev.gangway.catalog;

import org.jspecify.annotations.NullMarked;
