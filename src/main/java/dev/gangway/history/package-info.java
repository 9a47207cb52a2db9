/**
 * What the database remembers: the history table, its fingerprint and fence, and the one question that finds out whether
 * anything is pending.
 */
@NullMarked
package dev.gangway.history;

import org.jspecify.annotations.NullMarked;
