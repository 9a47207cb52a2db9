/** Backup and restore of a whole database with PostgreSQL's own programs. */
@NullMarked
package dev.gangway.backup;

import org.jspecify.annotations.NullMarked;
