/**
 * The model of a migration: what a file on disk says. Whatever is read, is read through {@link
 * dev.gangway.migration.Attachments}, which the catalog provides.
 */
@NullMarked
package dev.gangway.migration;

import org.jspecify.annotations.NullMarked;
