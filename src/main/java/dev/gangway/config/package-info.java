/**
 * What a user may set, where each setting comes from, and the URL that says which database is meant.
 */
@NullMarked
package dev.gangway.config;

import org.jspecify.annotations.NullMarked;
